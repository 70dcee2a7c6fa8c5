import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  Config,
  createPool,
  type ModelPool,
  type Outputs,
  type PoolEvent,
  type PredictorWarning,
} from '../../src/inference/index.js'
import { tensor, type Tensor } from '../../src/tensor/index.js'
import { makeMoreNets, makeNets, type NetFolder, type NetFormat, type Nets } from '../helpers/nets.js'
import { testPython } from '../helpers/python.js'
import { until } from '../helpers/until.js'
import { readsJson } from '../helpers/wheel.js'

let nets: Nets
/** In the newest format that the wheel reads. */
let newNets: NetFolder
let newFormat: NetFormat

beforeAll(async () => {
  newFormat = (await readsJson()) ? 'json' : 'pdmodel'
  ;[nets, newNets] = await Promise.all([makeNets(), makeMoreNets(newFormat)])
})

afterAll(async () => {
  await Promise.all([nets[Symbol.asyncDispose](), newNets[Symbol.asyncDispose]()])
})

/** Takes a hundred times as long as the other networks. */
const slow = { x: tensor('float32', [64, 1024], new Float32Array(64 * 1024).fill(1)) }
/** Takes longer than `timeoutMs` below, on any machine. */
const verySlow = { x: tensor('float32', [512, 1024], new Float32Array(512 * 1024).fill(1)) }

function sums(x: number): { x: Tensor; n: Tensor } {
  return { x: tensor('float32', [1, 3], [x, x, x]), n: tensor('int64', [1], [1n]) }
}

function first(outputs: Outputs): number[] {
  return Array.from(Object.values(outputs)[0]!.data as Float32Array)
}

describe('a worker with two models', () => {
  let pool: ModelPool<'sum' | 'slow'>
  const events: PoolEvent[] = []

  beforeAll(async () => {
    pool = await createPool({
      models: { sum: { model: nets.twoInTwoOut }, slow: { model: nets.heavy, oneDnn: false } },
      workers: 1,
      onEvent: (event) => events.push(event),
    })
  })

  afterAll(async () => {
    await pool.close()
  })

  test('is one process, in which each model has its own settings', () => {
    const { sum, slow: heavy } = pool.models
    expect(pool.size).toBe(1)
    expect(Object.keys(pool.models)).toEqual(['sum', 'slow'])
    expect(sum.info).toMatchObject({ model: `${nets.twoInTwoOut}/inference.pdmodel`, oneDnn: true })
    expect(heavy.info).toMatchObject({ model: `${nets.heavy}/inference.pdmodel`, oneDnn: false })
    expect(sum.inputs.map(({ name }) => name)).toEqual(['x', 'n'])
    expect(heavy.inputs.map(({ name }) => name)).toEqual(['x'])
    expect([sum.outputs, heavy.outputs].map(({ length }) => length)).toEqual([2, 1])
    const [worker] = pool.stats().workers
    expect([sum.info.pid, heavy.info.pid]).toEqual([worker!.pid, worker!.pid])
  })

  test('completes runs of both, each with its own outputs', async () => {
    const answers = await Promise.all([
      pool.models.sum.run(sums(1)),
      pool.models.slow.run(slow),
      pool.models.sum.run(sums(2)),
      pool.models.slow.run(slow, { fetch: [pool.models.slow.outputs[0]!.name] }),
      pool.models.sum.run(sums(3)),
    ])
    expect([0, 2, 4].map((index) => first(answers[index]!))).toEqual([
      [2, 2, 2],
      [3, 3, 3],
      [4, 4, 4],
    ])
    expect(Object.values(answers[1]).map(({ shape }) => shape)).toEqual([[64, 1024]])
    expect(first(answers[1])).toEqual(first(answers[3]))
  })

  test('does not count the time of the slow model for the fast one', async () => {
    const slowOnes = [pool.models.slow.run(verySlow), pool.models.slow.run(verySlow)]
    const fast = await pool.models.sum.run(sums(5), { timeoutMs: 1000 })
    expect(first(fast)).toEqual([6, 6, 6])
    await Promise.all(slowOnes)
  })

  test('counts per model and in total', async () => {
    const before = pool.stats()
    await Promise.all([
      pool.models.sum.run(sums(1)),
      pool.models.slow.run(slow),
      pool.models.sum.run(sums(1)),
    ])
    const stop = AbortSignal.abort()
    await expect(pool.models.sum.run(sums(1), { signal: stop })).rejects.toMatchObject({ code: 'ABORTED' })
    const { done, failed, retries, models } = pool.stats()
    expect({ done: done - before.done, failed, retries }).toEqual({ done: 3, failed: 0, retries: 0 })
    expect(models.sum.done - before.models.sum.done).toBe(2)
    expect(models.slow.done - before.models.slow.done).toBe(1)
    expect(models.sum.latencyMs.p50).toBeLessThan(models.slow.latencyMs.p50)
    expect(models.slow).toMatchObject({ failed: 0, retries: 0, loadedBytes: expect.any(Number) })
    expect(models.slow.loadedBytes).toBe(pool.models.slow.info.loadedBytes)
  })

  test('accepts allocated tensors of either model', async () => {
    using x = pool.models.sum.allocate('x', [1, 3], 'float32')
    using rows = pool.models.slow.allocate('x', [64, 1024], 'float32')
    x.data.set([7, 8, 9])
    rows.data.fill(1)
    const n = tensor('int64', [1], [1n])
    const [sum, heavy, given] = await Promise.all([
      pool.models.sum.run({ x, n }),
      pool.models.slow.run({ x: rows }),
      pool.models.slow.run(slow),
    ])
    expect(first(sum)).toEqual([8, 9, 10])
    expect(first(heavy)).toEqual(first(given))
  })

  test('rejects feeds of the other model before they are sent', async () => {
    await expect(pool.models.slow.run(sums(1))).rejects.toThrow(
      new TypeError("No input `n`: the model's inputs are `x`."),
    )
  })
})

test('a run that times out ends the worker, and the runs of the other model still complete', async () => {
  const events: PoolEvent[] = []
  await using pool = await createPool({
    models: { sum: { model: nets.twoInTwoOut }, slow: { model: nets.heavy } },
    workers: 1,
    onEvent: (event) => events.push(event),
  })
  const pid = pool.models.sum.info.pid!
  const late = pool.models.slow.run(verySlow, { timeoutMs: 1, retries: 0 })
  const others = Promise.all([0, 1, 2, 3].map((index) => pool.models.sum.run(sums(index))))
  await expect(late).rejects.toMatchObject({ code: 'TIMEOUT' })
  expect((await others).map((outputs) => first(outputs)[0])).toEqual([1, 2, 3, 4])
  expect(pool.models.sum.info.pid).not.toBe(pid)
  const exits = events.filter(({ type }) => type === 'workerExit')
  expect(exits).toMatchObject([{ pid, expected: false, model: 'slow', error: { code: 'TIMEOUT' } }])
  const { models } = pool.stats()
  expect([models.slow.failed, models.sum.failed, models.sum.done]).toEqual([1, 0, 4])
})

test('a worker loads networks in all formats that the wheel reads, from files and memory', async () => {
  const program = await readFile(`${nets.grow}/inference.pdmodel`)
  const config = new Config(`${nets.twoInTwoOut}/inference.pdmodel`)
  config.setCpuMathLibraryNumThreads(2)
  await using pool = await createPool({
    models: {
      grow: { model: { program } },
      newer: { model: `${newNets.folder}/one-input`, cpuThreads: 1 },
      sum: config,
    },
    workers: 2,
  })
  const { grow, newer, sum } = pool.models
  expect([grow, newer, sum].map(({ info }) => info.format)).toEqual(['pdmodel', newFormat, 'pdmodel'])
  expect([newer, sum].map(({ info }) => info.cpuThreads)).toEqual([1, 2])
  const [input] = newer.inputs
  const shape = input!.shape.map((size) => (size === -1 ? 2 : size))
  const count = shape.reduce((product, size) => product * size, 1)
  const feed = { [input!.name]: tensor('float32', shape, new Float32Array(count).fill(1)) }
  const alone = first(await newer.run(feed))
  const rounds = Array.from({ length: 8 }, async (_, index) => {
    const [tiled, summed, again] = await Promise.all([
      grow.run({ x: tensor('float32', [1, 2], [index, -1]) }),
      sum.run(sums(index)),
      newer.run(feed),
    ])
    return [first(tiled), first(summed), first(again)]
  })
  expect(await Promise.all(rounds)).toEqual(
    Array.from({ length: 8 }, (_, index) => [
      Array.from({ length: 32 }, (__, at) => (at % 2 === 0 ? index : -1)),
      [index + 1, index + 1, index + 1],
      alone,
    ]),
  )
  const pids = pool.stats().workers.map(({ pid }) => pid)
  expect(new Set(pids).size).toBe(2)
})

test('a worker is recycled with all its models', async () => {
  const events: PoolEvent[] = []
  await using pool = await createPool({
    models: { sum: { model: nets.twoInTwoOut }, grow: { model: nets.grow } },
    workers: 1,
    maxRunsPerWorker: 3,
    onEvent: (event) => events.push(event),
  })
  const x = tensor('float32', [1, 1], [4])
  for (let round = 0; round < 4; round += 1) {
    const [sum, grown] = await Promise.all([pool.models.sum.run(sums(round)), pool.models.grow.run({ x })])
    expect([first(sum)[0], first(grown)[15]]).toEqual([round + 1, 4])
  }
  await until(() => events.some(({ type }) => type === 'workerExit'))
  const exits = events.flatMap((event) => (event.type === 'workerExit' ? [event] : []))
  expect(exits[0]).toMatchObject({ expected: true, error: undefined })
  expect(exits[0]).not.toHaveProperty('model')
  expect(events.filter(({ type }) => type === 'recycle')).toMatchObject([{ reason: 'maxRunsPerWorker' }])
  expect(pool.stats()).toMatchObject({ done: 8, failed: 0, retries: 0 })
})

test('a drained pool accepts no runs of any model', async () => {
  const models = { sum: { model: nets.twoInTwoOut }, slow: { model: nets.heavy } }
  await using pool = await createPool({ models, workers: 1 })
  const programs = `${nets.twoInTwoOut}/inference.pdmodel, ${nets.heavy}/inference.pdmodel`
  const last = pool.models.slow.run(slow)
  const drained = pool.drain()
  await expect(pool.models.sum.run(sums(1))).rejects.toMatchObject({
    code: 'PREDICTOR_CLOSED',
    message: `The pool of ${programs} accepts no more runs: drain() was called.\nCreate another one.`,
  })
  await drained
  expect(pool.stats()).toMatchObject({ done: 1, running: 0, queued: 0 })
  await last
})

test('a warning contains the name of its model', async () => {
  const told: PredictorWarning[] = []
  await using pool = await createPool({
    models: {
      sum: { model: nets.twoInTwoOut },
      grow: { model: nets.grow, device: 'gpu', strict: false },
    },
    workers: 1,
    onWarning: (warning) => told.push(warning),
  })
  expect(pool.models.grow.info.device).toBe('cpu')
  expect(told).toMatchObject([{ code: 'DEVICE_UNAVAILABLE', model: 'grow' }])
})

test('each prepare function imports modules from its own folder, even if their names are the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'neighbours-'))
  try {
    const prepared = async (threads: number) => {
      const place = join(folder, String(threads))
      await mkdir(place)
      await writeFile(join(place, 'settings.py'), `threads = ${threads}\n`)
      const set = 'config.set_cpu_math_library_num_threads(settings.threads)'
      await writeFile(join(place, 'prepare.py'), `import settings\n\ndef prepare(config):\n    ${set}\n`)
      return { model: nets.grow, prepare: `${place}/prepare.py:prepare` }
    }
    const models = { two: await prepared(2), three: await prepared(3) }
    await using pool = await createPool({ models, workers: 1 })
    const { two, three } = pool.models
    expect([two.info.cpuThreads, three.info.cpuThreads]).toEqual([2, 3])
  } finally {
    await rm(folder, { recursive: true })
  }
})

describe('creating a pool of several models', () => {
  test('fails with the error of the second model, and leaves no process', async () => {
    const models = { sum: { model: nets.twoInTwoOut }, grow: { model: nets.grow, device: 'gpu' } }
    await expect(createPool({ models, workers: 1 })).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE' })
    const none = { sum: { model: nets.twoInTwoOut }, none: { model: `${nets.grow}/none` } }
    await expect(createPool({ models: none, workers: 1 })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
  })

  test('is aborted by the signal', async () => {
    const stop = new AbortController()
    const models = { sum: { model: nets.twoInTwoOut }, grow: { model: nets.grow } }
    const creating = createPool({ models, workers: 1, signal: stop.signal })
    setImmediate(() => {
      stop.abort()
    })
    await once(stop.signal, 'abort')
    await expect(creating).rejects.toMatchObject({
      code: 'ABORTED',
      message: 'Creating the pool was aborted by its signal.',
    })
  })

  test.each<[string, unknown, Error]>([
    [
      'nothing',
      undefined,
      new TypeError('Expected an object of models by their names for `models`, got undefined.'),
    ],
    ['a list', [], new TypeError('Expected an object of models by their names for `models`, got an array.')],
    ['no model', {}, new RangeError('Expected one model or more for `models`, got an object (Object).')],
    [
      'a folder without more',
      { sum: 'folder' },
      new TypeError('Expected a Config or an object of options for `models.sum`, got `folder` (string).'),
    ],
  ])('rejects %s as its models', async (_, models, error) => {
    await expect(createPool({ models } as never)).rejects.toThrow(error)
  })

  test('rejects options of the pool for a model, and options of a model for the pool', async () => {
    const signal = AbortSignal.timeout(1000)
    const ofModel = { sum: { model: nets.twoInTwoOut, signal } }
    await expect(createPool({ models: ofModel })).rejects.toThrow('Unknown option `models.sum.signal`.')
    const ofPool = { models: { sum: { model: nets.twoInTwoOut } }, cpuThreads: 2 }
    await expect(createPool(ofPool as never)).rejects.toThrow('Unknown option `cpuThreads`.')
  })

  test('rejects Configs that name different Pythons', async () => {
    const config = new Config(nets.grow, undefined, { python: await testPython() })
    const models = { sum: { model: nets.twoInTwoOut }, grow: config }
    await expect(createPool({ models })).rejects.toThrow(
      'Expected Configs that name the same Python, or `python` for all of them for `models`',
    )
  })
})
