import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  Config,
  createPredictor,
  PredictorPool,
  tensor,
  type PredictorOptions,
  type PredictorWarning,
  type Tensor,
} from '../../src/index.js'
import { openPredictors } from '../../src/inference/create-predictor.js'
import { withBfloat16Tried } from '../../src/inference/worker/bfloat16-trial.js'
import { planModel } from '../../src/inference/worker/plan-model.js'
import { computesBfloat16, withBfloat16 } from '../helpers/bfloat16-cpu.js'
import { makeBfloat16Nets, makeOneDnnNets, type NetFolder } from '../helpers/nets.js'
import { wheelVersion } from '../helpers/wheel.js'

/**
 * On a CPU without bfloat16, the tests make paddle assume that it has it, and simulate it; a CPU that cannot
 * do that computes in float32, and everything works.
 */
const wheel = await wheelVersion()
/** Paddle 3 cannot add a bias to a bfloat16 tensor. */
const fails = computesBfloat16 && !wheel.startsWith('2.')
const precision = computesBfloat16 ? 'bf16' : 'fp32'

let nets: NetFolder
let oneDnnNets: NetFolder
beforeAll(async () => {
  ;[nets, oneDnnNets] = await Promise.all([makeBfloat16Nets(), makeOneDnnNets()])
})
afterAll(async () => {
  await nets[Symbol.asyncDispose]()
  await oneDnnNets[Symbol.asyncDispose]()
})

const floats = (shape: number[], data: number[]): Tensor => tensor('float32', shape, new Float32Array(data))
const pixel = floats([1, 3, 1, 1], [1, 2, 4])
const biased = [floats([1, 1, 1, 1], [8])]

const programOf = (net: string): string => `${nets.folder}/${net}/inference.pdmodel`
const remedy = "Leave bf16 out: `precision: 'fp32'`, or a Config without enableOnednnBfloat16()."
const mismatch = (net: string): string =>
  `bf16 was requested, but the network does not work in bf16: Paddle could not run ${programOf(net)}: ValueError: ` +
  '(InvalidArgument) The type of data we are trying to retrieve (float32) does not match the type of data (bfloat16) ' +
  'currently contained in the container.'

/** Options for bf16, and the warnings that they cause. */
function told(model: string, options: Omit<PredictorOptions, 'model'> = {}) {
  const warnings: PredictorWarning[] = []
  const onWarning = (warning: PredictorWarning): void => {
    warnings.push(warning)
  }
  return { warnings, options: { model, precision: 'bf16', ...withBfloat16, onWarning, ...options } as const }
}

describe('a network that does not work in bf16', () => {
  const model = (): string => `${nets.folder}/biased`
  const start = withBfloat16

  test.each([
    ['options', () => createPredictor(told(model()).options)],
    [
      'enableOnednnBfloat16()',
      () => createPredictor(new Config(model()).enableOnednn().enableOnednnBfloat16(), start),
    ],
    ['enableMkldnnBfloat16()', () => createPredictor(new Config(model()).enableMkldnnBfloat16(), start)],
    ['a pool', () => PredictorPool.create({ ...told(model()).options, workers: 2 })],
  ])('is rejected when it is loaded, if the wheel does not support it: by %s', async (_, create) => {
    if (fails) {
      await expect(create()).rejects.toMatchObject({
        code: 'PRECISION_UNAVAILABLE',
        message: `${mismatch('biased')}\n${remedy}`,
      })
      return
    }
    await using opened = await create()
    expect(opened.info.precision).toBe(precision)
    expect(Object.values(await opened.run({ x: pixel }))).toEqual(biased)
  })

  test('runs in fp32 with strict: false, with one warning', async () => {
    const { warnings, options } = told(model(), { strict: false })
    await using pool = await PredictorPool.create({ ...options, workers: 2 })
    expect(Object.values(await pool.run({ x: pixel }))).toEqual(biased)
    expect(pool.info).toMatchObject({ oneDnn: true, precision: fails ? 'fp32' : precision })
    const message = `${mismatch('biased')}\n${remedy}`
    expect(warnings).toEqual(fails ? [{ code: 'PRECISION_UNAVAILABLE', message }] : [])
  })

  test('is rejected by its first run, if the generated feeds do not suit it', async () => {
    await using predictor = await createPredictor(told(`${nets.folder}/joined`).options)
    expect(predictor.info.precision).toBe(precision)
    const feeds = { x: pixel, y: floats([1, 4, 1, 1], [1, 2, 3, 4]) }
    const answer = predictor.run(feeds)
    if (fails) {
      await expect(answer).rejects.toMatchObject({
        code: 'PRECISION_UNAVAILABLE',
        message: expect.stringMatching(/\nIt was fed: `x` float32 .*\.\nLeave bf16 out: /),
      })
      const { message } = (await answer.catch((error: unknown) => error)) as Error
      const lines = message.split('\n')
      expect([lines[0], lines.at(-2), lines.at(-1)]).toEqual([
        mismatch('joined'),
        'It was fed: `x` float32 [1,3,1,1], declared [-1,3,-1,-1]; `y` float32 [1,4,1,1], declared [-1,4,-1,-1].',
        remedy,
      ])
    } else expect(Object.values(await answer)).toEqual([floats([1, 5, 1, 1], [8, 1, 2, 3, 4])])
  })
})

describe('failures that bf16 does not cause', () => {
  const oneDnnNet = (net: string): string => `${oneDnnNets.folder}/${net}`

  test('wrong shapes: the network is loaded, and the error is that of any precision', async () => {
    await using predictor = await createPredictor(told(oneDnnNet('linear')).options)
    await expect(predictor.run({ x: floats([1, 1, 3], [1, 2, 3]) })).rejects.toMatchObject({
      code: 'RUN_FAILED',
      message: expect.stringMatching(/\nIt was fed: `x` float32 \[1,1,3\], declared \[-1,-1,2\]\.$/),
    })
    expect(Object.values(await predictor.run({ x: floats([1, 1, 2], [1, 2]) }))).toEqual([
      floats([1, 1, 2], [3, 3]),
    ])
  })

  test.each(['bf16', 'int8'] as const)(
    'a worker that dies in oneDNN, in %s: the remedy leaves the precision out, which oneDNN has to be on for',
    async (coarse) => {
      const { options } = told(oneDnnNet('split'))
      await using predictor = await createPredictor({ ...options, precision: coarse, strict: false })
      await expect(predictor.run({ x: floats([1, 3, 1, 1], [1, 2, 3]) })).resolves.toBeDefined()
      const dying = predictor.run({ x: floats([0, 3, 1, 1], []) })
      if (coarse === 'bf16' && wheel.startsWith('2.') && computesBfloat16) {
        // oneDNN is not involved there.
        expect(Object.values(await dying)).toHaveLength(3)
        return
      }
      const failure = (await dying.catch((error: unknown) => error)) as Error & { code: string }
      expect(failure.code).toBe('WORKER_DIED')
      const method = { bf16: 'enableOnednnBfloat16', int8: 'enableOnednnInt8' }[coarse]
      expect(failure.message.split('\n').at(-1)).toBe(
        coarse === 'int8' || computesBfloat16
          ? `Leave ${coarse} out: \`precision: 'fp32'\`, or a Config without ${method}().`
          : 'Try it without oneDNN: `oneDnn: false`, or disableOnednn() of the Config.',
      )
    },
  )

  const breaks = wheel.startsWith('3.3.')
  if (breaks) {
    const reasons = {
      leaky: 'The worker died with SIGSEGV during `create`.',
      upsample: (program: string) =>
        `Paddle could not run ${program}: NotImplementedError: (Unimplemented) ` +
        'ConvertPirAttribute2RuntimeAttribute not support [pir::ArrayAttribute<pir::DoubleAttribute>]',
    }
    test.each([
      ['leaky', 'dies of oneDNN when it is made', floats([1, 1, 1, 2], [-1.5, 3])],
      ['upsample', 'fails with oneDNN when it runs', floats([1, 1, 2, 4], [-1, -1, 2, 2, -1, -1, 2, 2])],
    ] as const)(
      '%s, which %s, cannot be had in bf16 either; with strict: false it is healed',
      async (net, _, answer) => {
        // If bf16 falls back to fp32, a network that loads with oneDNN is not tried.
        if (net === 'upsample' && !computesBfloat16) return
        const program = `${oneDnnNet(net)}/inference.json`
        const reason = net === 'leaky' ? reasons.leaky : reasons.upsample(program)
        const message = `bf16 was requested, but the network does not work in bf16: ${reason}\n${remedy}`
        await expect(createPredictor(told(oneDnnNet(net)).options)).rejects.toMatchObject({
          code: 'PRECISION_UNAVAILABLE',
          message,
        })
        const { warnings, options } = told(oneDnnNet(net), { strict: false })
        await using predictor = await createPredictor(options)
        expect(Object.values(await predictor.run({ x: floats([1, 1, 1, 2], [-1, 2]) }))).toEqual([answer])
        expect(predictor.info).toMatchObject({ oneDnn: false, oneDnnFailure: reason, precision: 'fp32' })
        expect(warnings).toMatchObject([
          { code: 'PRECISION_UNAVAILABLE', message },
          { code: 'ONEDNN_DISABLED' },
        ])
      },
    )
  }
})

describe('the trial', () => {
  test('leaves no traces: a network that counts its runs starts with the caller’s', async () => {
    await using predictor = await createPredictor(told(`${nets.folder}/counting`).options)
    expect(predictor.info.precision).toBe(precision)
    const x = floats([1, 2], [1, 1])
    expect(Object.values(await predictor.run({ x }))).toEqual([floats([1, 2], [1, 1])])
    expect(Object.values(await predictor.run({ x }))).toEqual([floats([1, 2], [2, 2])])
  })

  const signal = new AbortController().signal
  const plan = async (options: PredictorOptions) => {
    const { strict, prepare, onWarning } = options
    return planModel(options, { strict, prepare, onWarning })()
  }

  test('does not reject bf16 if it times out', async () => {
    const tried = await plan(told(`${nets.folder}/biased`).options)
    expect(await withBfloat16Tried(tried, openPredictors, signal, 1e-9)).toBe(tried)
  })

  const testWithBfloat16 = computesBfloat16 ? test : test.skip
  testWithBfloat16('ends with the signal', async () => {
    const stop = new AbortController()
    const reason = new Error('enough')
    const open: typeof openPredictors = async (...args) => {
      const opened = await openPredictors(...args)
      stop.abort(reason)
      return opened
    }
    const tried = await plan(told(`${nets.folder}/counting`).options)
    await expect(withBfloat16Tried(tried, open, stop.signal)).rejects.toBe(reason)
  })

  test.each<[string, Omit<PredictorOptions, 'model'>]>([
    ['another precision', { precision: 'int8' }],
    ['an engine that takes the network away from oneDNN', { openVino: true }],
    ['another device', { device: 'gpu' }],
  ])('is skipped with %s', async (_, options) => {
    const untried = await plan(told(`${nets.folder}/biased`, options).options)
    const open = (): Promise<never> => Promise.reject(new Error('It was tried.'))
    expect(await withBfloat16Tried(untried, open, signal)).toBe(untried)
  })
})
