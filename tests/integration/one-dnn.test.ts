import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  createPredictor,
  PredictorPool,
  type Predictor,
  type PredictorOptions,
  type PredictorWarning,
} from '../../src/inference/index.js'
import { tensor, type Tensor } from '../../src/tensor/index.js'
import { makeOneDnnNets, type NetFolder } from '../helpers/nets.js'
import { until } from '../helpers/until.js'
import { wheelVersion } from '../helpers/wheel.js'

const wheel = await wheelVersion()
const extension = wheel.startsWith('2.') ? 'pdmodel' : 'json'
/** With oneDNN, Paddle 3.3 fails on networks that work with earlier wheels. */
const breaks = wheel.startsWith('3.3.')

let nets: NetFolder
beforeAll(async () => {
  nets = await makeOneDnnNets()
})
afterAll(async () => {
  await nets[Symbol.asyncDispose]()
})

const floats = (shape: number[], data: number[]): Tensor => tensor('float32', shape, new Float32Array(data))
const programOf = (net: string): string => `${nets.folder}/${net}/inference.${extension}`

const pixels = floats([1, 1, 1, 2], [-1, 2])
const leaky = [floats([1, 1, 1, 2], [-1.5, 3])]
const upsampled = [floats([1, 1, 2, 4], [-1, -1, 2, 2, -1, -1, 2, 2])]
const channels = floats([1, 3, 1, 1], [1, 2, 3])
const split = [floats([1, 1, 1, 1], [1]), floats([1, 1, 1, 1], [2]), floats([1, 1, 1, 1], [3])]
/** After a first run, oneDNN's split divides by zero for an empty batch. */
const noChannels = floats([0, 3, 1, 1], [])
const noSplit = Array.from({ length: 3 }, () => floats([0, 1, 1, 1], []))

interface Told {
  readonly warnings: PredictorWarning[]
  readonly options: PredictorOptions
}

/** Options for a network, and the warnings that it emits. */
function told(net: string, options: Omit<PredictorOptions, 'model'> = {}): Told {
  const warnings: PredictorWarning[] = []
  const onWarning = (warning: PredictorWarning): void => {
    warnings.push(warning)
  }
  return { warnings, options: { model: `${nets.folder}/${net}`, onWarning, ...options } }
}

const run = async (runner: Predictor | PredictorPool, x: Tensor): Promise<Tensor[]> =>
  Object.values(await runner.run({ x }))

/** Why the model was reloaded, on the wheel that fails. */
const reasons = {
  leaky: () => 'The worker died with SIGSEGV during `create`.',
  upsample: () =>
    `Paddle could not run ${programOf('upsample')}: NotImplementedError: (Unimplemented) ` +
    'ConvertPirAttribute2RuntimeAttribute not support [pir::ArrayAttribute<pir::DoubleAttribute>]',
  split: () => 'The worker died with SIGFPE during `run`.',
}

const warningOf = (net: keyof typeof reasons): PredictorWarning => ({
  code: 'ONEDNN_DISABLED',
  message:
    `${programOf(net)} does not work with oneDNN and was reloaded without it: ${reasons[net]()}\n` +
    'Runs are slower without oneDNN. To skip the failing attempt, turn it off: `oneDnn: false`.',
})

const healed = (net: keyof typeof reasons): object => ({ oneDnn: false, oneDnnFailure: reasons[net]() })
const unharmed = { oneDnn: true, oneDnnFailure: undefined }

describe('a network that fails with oneDNN on Paddle 3.3 runs without it', () => {
  test.each([
    ['leaky', 'dies when it is loaded', leaky],
    ['upsample', 'fails when it runs', upsampled],
  ] as const)('%s, which %s', async (net, _, answer) => {
    const { warnings, options } = told(net)
    await using predictor = await createPredictor(options)
    expect(await run(predictor, pixels)).toEqual(answer)
    expect(predictor.info).toMatchObject(breaks ? healed(net) : unharmed)
    expect(await run(predictor, pixels)).toEqual(answer)
    expect(warnings).toEqual(breaks ? [warningOf(net)] : [])
  })

  test('split, which dies on an empty batch, on every wheel; its clone starts without oneDNN', async () => {
    const { warnings, options } = told('split')
    await using predictor = await createPredictor(options)
    expect(await run(predictor, channels)).toEqual(split)
    expect(predictor.info).toMatchObject(unharmed)
    const { pid } = predictor.info
    // Three at once: the worker that replaces the dead one completes all of them.
    const answers = await Promise.all([channels, noChannels, channels].map(async (x) => run(predictor, x)))
    expect(answers).toEqual([split, noSplit, split])
    expect(predictor.info).toMatchObject(healed('split'))
    expect(predictor.info.pid).not.toBe(pid)
    await using clone = await predictor.clone()
    expect(clone.info).toMatchObject(healed('split'))
    expect(await run(clone, noChannels)).toEqual(noSplit)
    expect(warnings).toEqual([warningOf('split')])
  })
})

test('runs and other requests wait while split is reloaded', async () => {
  const { warnings, options } = told('split')
  await using predictor = await createPredictor(options)
  await run(predictor, channels)
  const state = { isHealed: false }
  const first = run(predictor, noChannels).finally(() => {
    state.isHealed = true
  })
  const later: Promise<Tensor[]>[] = []
  const questions: Promise<number>[] = []
  await until(async () => {
    later.push(run(predictor, channels))
    questions.push(predictor.tryShrinkMemory())
    await delay(45)
    return state.isHealed
  })
  expect(await first).toEqual(noSplit)
  expect(later.length).toBeGreaterThan(3)
  expect(await Promise.all(later)).toEqual(later.map(() => split))
  await Promise.all(questions)
  expect(warnings).toEqual([warningOf('split')])
})

describe('with oneDnn: true', () => {
  test('the death of the worker during a run is an error', async () => {
    const { warnings, options } = told('split', { oneDnn: true })
    await using predictor = await createPredictor(options)
    expect(await run(predictor, channels)).toEqual(split)
    const failure: unknown = await predictor.run({ x: noChannels }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ name: 'PaddleError', code: 'WORKER_DIED' })
    expectCrash(failure, `The worker died with SIGFPE during \`run\` (${programOf('split')}, oneDNN on).`)
    expect(warnings).toEqual([])
  })

  if (breaks) {
    test('the death of the worker during loading is an error', async () => {
      const { warnings, options } = told('leaky', { oneDnn: true })
      const failure: unknown = await createPredictor(options).catch((error: unknown) => error)
      expect(failure).toMatchObject({ name: 'PaddleError', code: 'WORKER_DIED' })
      expectCrash(failure, `The worker died with SIGSEGV during \`create\` (${programOf('leaky')}).`)
      expect(warnings).toEqual([])
    })

    test('an exception during a run is an error', async () => {
      const { warnings, options } = told('upsample', { oneDnn: true })
      await using predictor = await createPredictor(options)
      const failure: unknown = await predictor.run({ x: pixels }).catch((error: unknown) => error)
      expect(failure).toMatchObject({ name: 'PaddleError', code: 'RUN_FAILED' })
      expect((failure as Error).message).toBe(
        `${reasons.upsample()}\nIt was fed: \`x\` float32 [1,1,1,2], declared [-1,1,-1,-1].\n` +
          'Try it without oneDNN: `oneDnn: false`, or disableOnednn() of the Config.',
      )
      expect(predictor.info).toMatchObject(unharmed)
      expect(warnings).toEqual([])
    })
  }
})

test.each([
  ['leaky', pixels, leaky],
  ['upsample', pixels, upsampled],
  ['split', noChannels, noSplit],
] as const)('%s is made at once where oneDNN is off, without a word', async (net, x, answer) => {
  const { warnings, options } = told(net, { oneDnn: false })
  await using predictor = await createPredictor(options)
  expect(await run(predictor, x)).toEqual(answer)
  expect(predictor.info).toMatchObject({ oneDnn: false, oneDnnFailure: undefined })
  expect(warnings).toEqual([])
})

test('wrong shapes do not disable oneDNN, before and after the first run', async () => {
  const { warnings, options } = told('linear')
  await using predictor = await createPredictor(options)
  const wrong = async (): Promise<void> => {
    const failure: unknown = await predictor
      .run({ x: floats([1, 1, 3], [1, 2, 3]) })
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ name: 'PaddleError', code: 'RUN_FAILED' })
    expect((failure as Error).message).toMatch(/\nIt was fed: `x` float32 \[1,1,3\], declared \[-1,-1,2\]\.$/)
    expect((failure as Error).message.startsWith(`Paddle could not run ${programOf('linear')}: `)).toBe(true)
  }
  const { pid } = predictor.info
  await wrong()
  expect(await run(predictor, floats([1, 1, 2], [1, 2]))).toEqual([floats([1, 1, 2], [3, 3])])
  await wrong()
  expect(predictor.info).toMatchObject({ ...unharmed, pid })
  expect(warnings).toMatchObject([{ code: 'DIMENSIONS_DIFFER' }])
})

describe('a pool of two', () => {
  test.each([
    ['leaky', leaky],
    ['upsample', upsampled],
  ] as const)('%s: every run is answered, with one warning', async (net, answer) => {
    const { warnings, options } = told(net)
    await using pool = await PredictorPool.create({ ...options, workers: 2, cpuThreads: 1 })
    const answers = await Promise.all(Array.from({ length: 8 }, async () => run(pool, pixels)))
    expect(answers).toEqual(Array.from({ length: 8 }, () => answer))
    expect(pool.info).toMatchObject(breaks ? healed(net) : unharmed)
    expect(warnings).toEqual(breaks ? [warningOf(net)] : [])
    expect(pool.stats()).toMatchObject({ done: 8, failed: 0 })
  })
})

/** The parts of the message for a worker's death: the cause, its last output, and the advice. */
function expectCrash(failure: unknown, reason: string): void {
  const [first, ...rest] = (failure as Error).message.split('\n')
  expect(first).toBe(`${reason} Last lines of its output:`)
  expect(rest.slice(0, -1).join('\n')).toContain('Fatal Python error: ')
  expect(rest.at(-1)).toBe('Try it without oneDNN: `oneDnn: false`, or disableOnednn() of the Config.')
}
