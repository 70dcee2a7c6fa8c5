import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Config, convertToMixedPrecision, createPredictor } from '../../src/index.js'
import { makeNets, makeSizedClassifier, type NetFolder, type Nets } from '../helpers/nets.js'
import { readsJson } from '../helpers/wheel.js'

/** The models of the package: 2 parameters, and more. */
const small = fileURLToPath(new URL('../../models/doctor/inference', import.meta.url))
const large = fileURLToPath(new URL('../../models/characters/inference', import.meta.url))
const advice = 'Pass the parameters that were exported with the program, or export the model again.'
const partial = /^\w+: .*Not allowed to load partial data.*$/i

const hasJson = await readsJson()

let nets: Nets
let pir: NetFolder | undefined
let folder: string
beforeAll(async () => {
  nets = await makeNets()
  if (hasJson) pir = await makeSizedClassifier('-1,3,-1,-1', 'json')
  folder = await mkdtemp(join(tmpdir(), 'other-params-'))
})
afterAll(async () => {
  await nets[Symbol.asyncDispose]()
  await pir?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

async function failureOf(
  promise: Promise<unknown>,
): Promise<{ code: string; lines: string[]; last: string }> {
  const error = await promise.then(
    () => {
      throw new Error('It loaded.')
    },
    (thrown: unknown) => thrown as { code: string; message: string },
  )
  const lines = error.message.split('\n')
  return { code: error.code, lines: lines.slice(0, -1), last: lines.at(-1) ?? '' }
}

const formats = ['pdmodel', '__model__', ...(hasJson ? (['json'] as const) : [])] as const

describe.each(formats)('parameters of another model for a %s', (format) => {
  const program = async (): Promise<string> => {
    if (format === 'json') return join(pir!.folder, 'inference.json')
    const file = join(folder, format === 'pdmodel' ? 'small.pdmodel' : '__model__')
    await copyFile(`${small}.pdmodel`, file)
    return file
  }

  test('more of them: paddle’s own words come second', async () => {
    const params = `${large}.pdiparams`
    const { code, lines, last } = await failureOf(createPredictor({ model: await program(), params }))
    expect({ code, last }).toEqual({ code: 'MODEL_LOAD_FAILED', last: advice })
    expect(lines[0]).toBe(
      `${params} belongs to another model: it has 32 tensors, and the program 2 parameters.`,
    )
    expect(lines[1]).toMatch(partial)
  })

  test('fewer of them', async () => {
    const params = join(folder, 'one.pdiparams')
    const bytes = await readFile(`${small}.pdiparams`)
    const bias = 20 + bytes.readInt32LE(16) + 12
    await writeFile(params, bytes.subarray(0, bias))
    expect(await failureOf(createPredictor({ model: await program(), params }))).toEqual({
      code: 'MODEL_LOAD_FAILED',
      lines: [`${params} belongs to another model: it has 1 tensor, and the program 2 parameters.`],
      last: advice,
    })
  })

  test('as many of other sizes', async () => {
    const params = join(nets.heavy, 'inference.pdiparams')
    const { code, lines, last } = await failureOf(createPredictor({ model: await program(), params }))
    expect({ code, last }).toEqual({ code: 'MODEL_LOAD_FAILED', last: advice })
    expect(lines).toEqual([
      expect.stringMatching(
        /^.*\/inference\.pdiparams belongs to another model: the sizes of its tensors do not match the program: none is left for [\w.]+ \[3(,3)?\]\.$/,
      ),
    ])
  })
})

test('parameters of another model in memory', async () => {
  const [program, params] = [await readFile(`${small}.pdmodel`), await readFile(`${large}.pdiparams`)]
  const config = new Config()
  config.setModelBuffer(program, params)
  const { lines, last } = await failureOf(createPredictor(config))
  expect(lines[0]).toBe(
    'The `params` of the model in memory belongs to another model: it has 32 tensors, and the program 2 parameters.',
  )
  expect(lines[1]).toMatch(partial)
  expect(last).toBe(advice)
})

test('parameters for a program that has none', async () => {
  const params = `${small}.pdiparams`
  const model = join(nets.twoInTwoOut, 'inference.pdmodel')
  const { lines } = await failureOf(createPredictor({ model, params }))
  expect(lines[0]).toBe(`${params} belongs to another model: it has 2 tensors, and the program 0 parameters.`)
})

test('the parameters of another model are not converted', async () => {
  const params = `${large}.pdiparams`
  const options = {
    model: `${small}.pdmodel`,
    params,
    precision: 'fp16',
    outputDir: join(folder, 'out'),
  } as const
  const { code, lines, last } = await failureOf(convertToMixedPrecision(options))
  expect({ code, last }).toEqual({ code: 'MODEL_LOAD_FAILED', last: advice })
  expect(lines[0]).toBe(
    `${params} belongs to another model: it has 32 tensors, and the program 2 parameters.`,
  )
})
