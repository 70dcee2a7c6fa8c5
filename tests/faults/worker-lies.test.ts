import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { messageOf, type PaddleError } from '../../src/errors.js'
import {
  Config,
  convertToMixedPrecision,
  createPredictor,
  getVersion,
  inspectModel,
  type Predictor,
} from '../../src/inference/index.js'
import { tensor } from '../../src/tensor/index.js'
import { testPython } from '../helpers/python.js'

const liar = fileURLToPath(new URL('../helpers/start_liar.py', import.meta.url))

let folder: string
let python: string
let model: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'liar-'))
  python = join(folder, 'python')
  model = join(folder, 'inference.pdmodel')
  await writeFile(python, `#!/bin/sh\nexec '${await testPython()}' -E -s -B '${liar}' "$@"\n`)
  await chmod(python, 0o755)
  await writeFile(model, '')
})

afterAll(() => rm(folder, { recursive: true }))

beforeEach(() => {
  delete process.env['LIE']
})

/** A predictor whose worker misbehaves in this way. */
async function lying(lie: string): Promise<Predictor> {
  process.env['LIE'] = lie
  return createPredictor({ model, python, oneDnn: false })
}

const feeds = { x: tensor('float32', [1], new Float32Array([1])) }

/** The error of a run whose worker misbehaves in this way; the predictor is unusable afterwards. */
async function failureOf(lie: string): Promise<{ code: unknown; message: string }> {
  await using predictor = await lying(lie)
  const error: unknown = await predictor.run(feeds).then(
    (outputs) => ({ outputs }),
    (reason: unknown) => reason,
  )
  await expect(predictor.run(feeds)).rejects.toMatchObject({ code: 'WORKER_DIED' })
  const { report } = error as PaddleError
  expect(report).toContain('\nModel: inference.pdmodel (pdmodel, 0 bytes)\nConfig: disableGpu(), ')
  expect(report).toContain('\nIt was doing: run, fed with `x` float32 [1]\nIt ended: ')
  return { code: (error as { code: unknown }).code, message: messageOf(error) }
}

const brokeUnfed = (how: string) => ({
  code: 'WORKER_DIED',
  message: `The worker broke the protocol during \`run\` (${model}): ${how}.\nCreate the predictor again.`,
})

const broke = (how: string) => ({
  code: 'WORKER_DIED',
  message: `The worker broke the protocol during \`run\` (${model}): ${how}.\nIt was fed: \`x\` float32 [1], declared [-1].\nCreate the predictor again.`,
})

const output = { name: 'out', dtype: 'float32', shape: [1], offset: 0 }
const reply = (changes: object): string => JSON.stringify({ outputs: [{ ...output, ...changes }] })
const inOutputs = 'an invalid output'
const beyond = 'outputs beyond the end of their region'

describe('an invalid reply', () => {
  test.each([
    ['garbage', 'garbage', 'an invalid reply'],
    ['no ID', `x ${reply({})}`, 'an invalid reply'],
    ['an ID in hexadecimal', `0x1 ${reply({})}`, 'an invalid reply'],
    ['an earlier ID', `0 ${reply({})}`, 'a reply to 0 instead of 1'],
    ['a later ID', `2 ${reply({})}`, 'a reply to 2 instead of 1'],
    ['not an object', '{id} [1]', 'an invalid reply'],
    ['outputs that are not a list', '{id} {"outputs":{}}', 'an invalid reply'],
    ['a name that is not a string', `{id} ${reply({ name: 1 })}`, inOutputs],
    ['another name', `{id} ${reply({ name: 'other' })}`, 'other outputs than requested'],
    ['no outputs', '{id} {"outputs":[]}', 'other outputs than requested'],
    ['a negative dimension', `{id} ${reply({ shape: [-1] })}`, inOutputs],
    ['a fractional dimension', `{id} ${reply({ shape: [0.5] })}`, inOutputs],
    ['huge dimensions', `{id} ${reply({ shape: [2 ** 50, 2 ** 50] })}`, beyond],
    ['an unknown dtype', `{id} ${reply({ dtype: 'object' })}`, inOutputs],
    ['a negative offset', `{id} ${reply({ offset: -64 })}`, inOutputs],
    ['an unaligned offset', `{id} ${reply({ offset: 4 })}`, inOutputs],
    ['an offset beyond the end', `{id} ${reply({ offset: 4096 })}`, beyond],
    ['an invalid LoD', `{id} ${reply({ lod: [1] })}`, inOutputs],
    [
      'dimensions beyond all numbers',
      `{id} ${reply({ shape: [...Array<number>(20).fill(2 ** 52), 0] })}`,
      inOutputs,
    ],
    ['more bytes than there are', `{id} ${reply({})}`, beyond],
    ['a need that is a string', '{id} {"need":"4096"}', 'a size that is not a number'],
    ['a negative need', '{id} {"need":-1}', 'a size that is not a number'],
    ['a fractional need', '{id} {"need":0.5}', 'a size that is not a number'],
    ['a value', '{id} {"value":1}', 'a value instead of the reply to a run'],
    ['an incomplete error', '{id} {"error":{"message":"m"}}', 'an incomplete error'],
  ])('%s', async (_, line, problem) => {
    const said = line.replace('{id}', '1')
    const shown = JSON.stringify(said.slice(0, 80)) + (said.length > 80 ? ' …' : '')
    expect(await failureOf(`say:${line}\n`)).toEqual(broke(`it sent ${problem}: ${shown}`))
  })

  test('is shown without half a character at the end', async () => {
    const shown = 'x'.repeat(79)
    expect(await failureOf(`say:${shown}😀\n`)).toEqual(broke(`it sent an invalid reply: "${shown}" …`))
  })

  test('a line that is too long', async () => {
    expect(await failureOf('endless')).toEqual(
      broke(`it sent a line that is too long: "${'x'.repeat(80)}" …`),
    )
  })

  test('a second reply to the same request', async () => {
    process.env['LIE'] = `say:{id} ${reply({ shape: [0] })}\n{id} {"value":1}\n`
    await using predictor = await createPredictor({ model, python, oneDnn: false })
    await predictor.run(feeds)
    await expect(predictor.run(feeds)).rejects.toMatchObject(
      broke('it sent an unexpected reply: "1 {\\"value\\":1}"'),
    )
  })

  test.each([
    ['less than the region has', 0],
    ['as much as the region has', 4096],
    ['more than the region has', 8192],
    ['more than is available', Number.MAX_SAFE_INTEGER],
  ])('an endless need: %s', async (_, need) => {
    const said = `1 {"need":${need}}`
    expect(await failureOf(`say:{id} {"need":${need}}\n`)).toEqual(
      broke(`it sent an invalid request for memory: ${JSON.stringify(said)}`),
    )
  })

  test('a need instead of the reply to an ask request', async () => {
    process.env['LIE'] = 'say:{id} {"need":64}\n'
    await using predictor = await createPredictor({ model, python, oneDnn: false })
    await expect(predictor.tryShrinkMemory()).rejects.toMatchObject(
      brokeUnfed('it sent an invalid request for memory: "1 {\\"need\\":64}"'),
    )
  })

  test('to an ask request', async () => {
    process.env['LIE'] = 'say:{id} {"value":"all"}\n'
    await using predictor = await createPredictor({ model, python, oneDnn: false })
    await expect(predictor.tryShrinkMemory()).rejects.toMatchObject(
      brokeUnfed('it sent a value that is not a number: "1 {\\"value\\":\\"all\\"}"'),
    )
  })
})

describe('on the way to a predictor', () => {
  test.each([
    ['hello', 'WORKER_START_FAILED', 'import'],
    ['create', 'WORKER_DIED', 'create'],
    ['create-number', 'WORKER_DIED', 'create'],
    ['create-object', 'WORKER_DIED', 'create'],
    ['create-precision', 'WORKER_DIED', 'create'],
    ['create-warning', 'WORKER_DIED', 'create'],
  ])('%s returns something else', async (lie, code, during) => {
    const error: unknown = await lying(lie).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'PaddleError', code })
    const [first, last] = messageOf(error).split('\n')
    expect(first).toMatch(
      new RegExp(
        `^The worker broke the protocol during \`${during}\` \\(.*\\): it sent an invalid (?:reply|description): "\\{.*"(?: …)?\\.$`,
      ),
    )
    expect(last).toBe('Create the predictor again.')
  })

  test('serving stops at once', async () => {
    expect(await failureOf('serve')).toEqual(broke('it stopped serving: OSError: no run channel'))
  })
})

describe('a one-shot call', () => {
  const inspected = {
    ...{ files: [], writtenBy: null, inputs: [], outputs: [], operators: {} },
    parameters: { tensors: 0, elements: 0, bytes: {} },
  }
  const converted = { operators: 1, inputs: [], outputs: [], params: false }
  const version = { paddle: '3.3.1', description: '', trtCompile: [0], trtRuntime: [0] }
  const port = { name: 'x', dtype: 'float32', shape: [0.5] }

  const convert = () =>
    convertToMixedPrecision({ model, outputDir: join(folder, 'converted'), precision: 'fp16', python })

  const calls = (): Readonly<Record<string, readonly [string, string, () => Promise<unknown>]>> => ({
    readConfig: [
      'CONFIG_INVALID',
      'Paddle could not build the Config',
      () => new Config(undefined, undefined, { python }).useGpu(),
    ],
    versions: ['WORKER_DIED', 'paddle.inference', () => getVersion({ python })],
    inspectModel: [
      'MODEL_LOAD_FAILED',
      `${model} cannot be inspected`,
      () => inspectModel(model, { python }),
    ],
    convertModel: ['CONVERT_FAILED', `Paddle could not convert ${model}`, convert],
  })

  test.each<[string, string, unknown]>([
    ['readConfig', 'null', null],
    ['readConfig', 'values that are no list', { values: 'all' }],
    ['readConfig', 'fewer values than were asked for', { values: [] }],
    ['versions', 'a list', []],
    ['versions', 'a version that is none', { ...version, paddle: 3 }],
    ['versions', 'TensorRT by name', { ...version, trtCompile: ['8'] }],
    ['versions', 'no TensorRT', { ...version, trtRuntime: undefined }],
    ['inspectModel', 'nothing', {}],
    ['inspectModel', 'a file without bytes', { ...inspected, files: [{ file: 'inference.pdmodel' }] }],
    ['inspectModel', 'a writer that is none', { ...inspected, writtenBy: 3 }],
    ['inspectModel', 'an input that cannot be', { ...inspected, inputs: [port] }],
    ['inspectModel', 'operators as a list', { ...inspected, operators: ['conv2d'] }],
    ['inspectModel', 'parameters without bytes', { ...inspected, parameters: { tensors: 0, elements: 0 } }],
    ['convertModel', 'operators by name', { ...converted, operators: ['conv2d'] }],
    ['convertModel', 'an invalid output', { ...converted, outputs: [port] }],
    ['convertModel', 'parameters that are none', { ...converted, params: 'inference.pdiparams' }],
  ])('%s returns %s', async (name, _, value) => {
    const [code, title, call] = calls()[name]!
    const said = JSON.stringify(value)
    process.env['LIE'] = `value:${said}`
    const shown = JSON.stringify(said.slice(0, 80)) + (said.length > 80 ? ' …' : '')
    const error: unknown = await call().catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      name: 'PaddleError',
      code,
      message: `The worker broke the protocol during \`${name}\` (${title}): it sent an invalid reply: ${shown}.\nTry it again.`,
      report: expect.stringContaining(
        `\nIt was doing: ${name}\nIt ended: broke the protocol: it sent an invalid reply: `,
      ),
    })
    expect(await readdir(folder)).not.toContain('converted')
  })

  test.each<[string, unknown, unknown]>([
    ['readConfig', { values: [true] }, true],
    ['versions', version, ''],
    ['inspectModel', inspected, { writtenBy: undefined, operators: {} }],
    ['convertModel', converted, { operators: 1, inputs: [] }],
  ])('%s returns a valid reply', async (name, value, answer) => {
    process.env['LIE'] = `value:${JSON.stringify(value)}`
    expect({ answer: await calls()[name]![2]() }).toMatchObject({ answer })
  })
})

describe('misbehaviour other than replies', () => {
  test('garbage on the channel of the control calls', async () => {
    expect(await failureOf('channel-garbage')).toEqual(
      broke('it sent an invalid reply: "\\u0000\ufffd no json"'),
    )
    expect(await failureOf('channel-list')).toEqual(broke('it sent an invalid reply: "[1]"'))
  })

  test.each(['channel-unknown', 'require', 'shrink'])('%s has no effect', async (lie) => {
    await using predictor = await lying(lie)
    for (let run = 0; run < 3; run++) {
      expect([...(await predictor.run(feeds))['out']!.data]).toEqual([1])
    }
  })

  test('a run channel that is closed', async () => {
    expect(await failureOf('close-run-channel')).toEqual(broke('it closed its run channel'))
  })

  test('100 MB on stdout and stderr do not block the worker, and are not kept', async () => {
    await using predictor = await lying('flood')
    const before = process.memoryUsage().rss
    for (let run = 0; run < 3; run++) {
      expect([...(await predictor.run(feeds))['out']!.data]).toEqual([1])
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20)
  })

  test('a flood of output is reported by its last lines', async () => {
    const { message } = await failureOf('flood-and-die')
    expect(message).toMatch(
      /^The worker died with exit code 3 during `run` \(.*\)\. Last lines of its output:\nx+\nthe last line\n/,
    )
    expect(message.length).toBeLessThan(10_000)
  })

  test('a grandchild that holds stderr does not delay the end', async () => {
    const { message } = await failureOf('grandchild-and-die')
    const [, pid] =
      /before the end\n(\d+)\nIt was fed: [^\n]+\nCreate the predictor again\.$/.exec(message) ?? []
    process.kill(Number(pid), 'SIGKILL')
  })
})
