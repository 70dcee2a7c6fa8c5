import '../helpers/nothing-left.js'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { PaddleError } from '../../src/errors.js'
import { Config, createPredictor, type Predictor } from '../../src/inference/index.js'
import { makeNets, type Nets } from '../helpers/nets.js'
import { describeReal, realModels } from '../helpers/real-models.js'
import { wheelVersion } from '../helpers/wheel.js'

const doctor = fileURLToPath(new URL('../../models/doctor/inference', import.meta.url))
let folder: string
let nets: Nets
let wheel: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formats-'))
  nets = await makeNets()
  wheel = await wheelVersion()
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await nets[Symbol.asyncDispose]()
})

/** The doctor's network answers 1/3 three times. */
async function expectAnswer(predictor: Predictor): Promise<void> {
  const outputs = await predictor.run({ x: { dtype: 'float32', shape: [1, 3], data: [0.5, 0, -0.5] } })
  const [output] = Object.values(outputs)
  for (const value of Array.from(output!.data, Number)) expect(value).toBeCloseTo(1 / 3, 5)
}

/** Lays the doctor's network down under other names. */
async function lay(name: string, program: string, params: string): Promise<string> {
  const path = join(folder, name)
  await mkdir(path, { recursive: true })
  await copyFile(`${doctor}.pdmodel`, join(path, program))
  await copyFile(`${doctor}.pdiparams`, join(path, params))
  return path
}

test.each([
  ['a folder with model.*', 'model.pdmodel', 'model.pdiparams', ''],
  ['a prefix with a dot', 'net.v2.pdmodel', 'net.v2.pdiparams', '/net.v2'],
  ['__model__ and params', '__model__', 'params', ''],
  ['__model__ and __params__', '__model__', '__params__', '/__model__'],
])('%s', async (title, program, params, behind) => {
  const path = await lay(title.replaceAll(' ', '-'), program, params)
  await using predictor = await createPredictor({ model: path + behind })
  await expectAnswer(predictor)
})

test('files of any name, both named', async () => {
  const path = await lay('any-name', 'program', 'weights')
  await using predictor = await createPredictor(new Config(join(path, 'program'), join(path, 'weights')))
  await expectAnswer(predictor)
})

test('a program without parameters', async () => {
  await using predictor = await createPredictor({ model: nets.twoInTwoOut })
  expect(predictor.info).toMatchObject({ format: 'pdmodel', params: undefined })
})

describe('a model in memory', () => {
  test('of a .pdmodel', async () => {
    const [program, params] = await Promise.all([
      readFile(`${doctor}.pdmodel`),
      readFile(`${doctor}.pdiparams`),
    ])
    await using predictor = await createPredictor(new Config().setModelBuffer(program, params))
    await expectAnswer(predictor)
    expect(predictor.info).toMatchObject({ format: 'pdmodel', model: 'the model in memory' })
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('paddle-ts-model-'))).toEqual([])
  })

  test('without parameters', async () => {
    const program = await readFile(join(nets.twoInTwoOut, 'inference.pdmodel'))
    await using predictor = await createPredictor(new Config().setModelBuffer(program))
    expect(predictor.getInputNames()).toEqual(['x', 'n'])
  })

  test('that is cut off, or lacks its parameters', async () => {
    const [program, params] = await Promise.all([
      readFile(`${doctor}.pdmodel`),
      readFile(`${doctor}.pdiparams`),
    ])
    await expect(
      createPredictor(new Config().setModelBuffer(program.subarray(0, 500))),
    ).rejects.toMatchObject({
      code: 'MODEL_LOAD_FAILED',
      message: 'The model in memory is not a complete Paddle program.\nCopy or export the model again.',
    })
    await expect(
      createPredictor(new Config().setModelBuffer(program, params.subarray(0, -1))),
    ).rejects.toMatchObject({
      code: 'MODEL_LOAD_FAILED',
      message: `The \`params\` of the model in memory is cut off: it ends at byte ${params.length - 1}, inside tensor 2 of 2.\nCopy or export the model again.`,
    })
    await expect(createPredictor(new Config().setModelBuffer(program))).rejects.toMatchObject({
      code: 'MODEL_PARAMS_NOT_FOUND',
      message:
        'The model in memory has 2 parameters, but no `params` were given.\nPass them too: { program, params }.',
    })
  })
})

test('of two models in a folder, one is taken with a warning', async () => {
  const path = await lay('two', 'inference.pdmodel', 'inference.pdiparams')
  await lay('two', 'other.pdmodel', 'other.pdiparams')
  const warnings: unknown[] = []
  await using predictor = await createPredictor({
    model: path,
    onWarning: (warning) => void warnings.push(warning),
  })
  expect(predictor.info).toMatchObject({
    model: join(path, 'inference.pdmodel'),
    passedOver: [join(path, 'other.pdmodel')],
    reason: '`inference.*` comes before any other name.',
  })
  expect(warnings).toEqual([
    {
      code: 'MODEL_AMBIGUOUS',
      message:
        `${path}/inference.pdmodel is used, but ${path}/other.pdmodel is a model too. ` +
        '`inference.*` comes before any other name.\nSpecify the model by its file or prefix.',
    },
  ])
})

describeReal('a .json', () => {
  const model = join(realModels, 'imagenet-classifier-pir')
  const tooOld = (program: string): object => ({
    code: 'MODEL_LOAD_FAILED',
    message:
      `${program} is in the format of Paddle 3, which paddle ${wheel} cannot read.\n` +
      'Export it with --format pdmodel, or get a newer wheel: paddle-ts setup --paddle-version 3.3.1',
  })

  test('from its folder and from memory', async () => {
    const [program, params] = await Promise.all(
      ['inference.json', 'inference.pdiparams'].map(async (name) => readFile(join(model, name))),
    )
    const memory = new Config().setModelBuffer(program!, params)
    if (wheel.startsWith('2.')) {
      await expect(createPredictor({ model })).rejects.toMatchObject(tooOld(join(model, 'inference.json')))
      await expect(createPredictor(memory)).rejects.toMatchObject(tooOld('The model in memory'))
      return
    }
    for (const config of [new Config(model), memory]) {
      await using predictor = await createPredictor(config)
      expect(predictor.info.format).toBe('json')
      expect(predictor.inputs).toEqual([{ name: 'image', dtype: 'float32', shape: [-1, 3, 224, 224] }])
    }
  })

  test('of a newer paddle, with an operator that the wheel lacks', async () => {
    const path = join(folder, 'newer/inference.json')
    await mkdir(dirname(path))
    const text = await readFile(join(model, 'inference.json'), 'utf8')
    await writeFile(path, text.replace('"version":4', '"version":99').replace('1.softmax', '1.softer_max'))
    await copyFile(join(model, 'inference.pdiparams'), join(folder, 'newer/inference.pdiparams'))
    const failure = createPredictor({ model: path }) as Promise<unknown> as Promise<PaddleError>
    if (wheel.startsWith('2.')) return expect(failure).rejects.toMatchObject(tooOld(path))
    const start = `${path} was written by paddle 3.98, and paddle ${wheel} cannot read all of it: `
    const end = `\nGet that version (paddle-ts setup --paddle-version 3.98.0), or export the model again with paddle ${wheel}.`
    const { code, message } = await failure.catch((error: unknown) => error as PaddleError)
    expect(code).toBe('MODEL_LOAD_FAILED')
    expect(message.slice(0, start.length)).toBe(start)
    expect(message.slice(-end.length)).toBe(end)
  })
})
