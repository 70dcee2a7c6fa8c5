import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { PredictorPool, type PoolStats } from '../../src/inference/index.js'
import { tensor, type Tensor } from '../../src/tensor/index.js'
import { makeNets, type Nets } from '../helpers/nets.js'
import { until } from '../helpers/until.js'

let nets: Nets

beforeAll(async () => {
  nets = await makeNets()
})

afterAll(async () => {
  await nets[Symbol.asyncDispose]()
})

const rows = (count: number, value = 1): Tensor =>
  tensor('float32', [count, 1024], new Float32Array(count * 1024).fill(value))

function sums(x: number): { x: Tensor; n: Tensor } {
  return {
    x: tensor('float32', [1, 3], new Float32Array([x, x, x])),
    n: tensor('int64', [1], new BigInt64Array([1n])),
  }
}

describe('a pool of two workers', () => {
  let pool: PredictorPool

  beforeAll(async () => {
    pool = await PredictorPool.create({ model: nets.twoInTwoOut, workers: 2 })
  })

  afterAll(async () => {
    await pool.close()
  })

  test('has two processes, each with the model', () => {
    expect(pool.size).toBe(2)
    const pids = pool.stats().workers.map(({ pid }) => pid)
    expect(new Set(pids).size).toBe(2)
    expect(pids).toEqual([pool.retrieve(0).info.pid, pool.retrieve(1).info.pid])
    expect(pool.retrive(1)).toBe(pool.retrieve(1))
    expect(pool.inputs.map(({ name }) => name)).toEqual(['x', 'n'])
    expect(pool.outputs).toHaveLength(2)
    expect(pool.info.cpuThreads).toBe(1)
    expect(() => pool.retrieve(2)).toThrow(
      new RangeError('Expected an integer from 0 to 1 for `index`, got `2` (number).'),
    )
  })

  test('returns each run’s own outputs, and counts the runs', async () => {
    const [first] = pool.outputs
    const before = pool.stats()
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => pool.run(sums(index), { fetch: [first!.name] })),
    )
    expect(answers.map((answer) => Object.keys(answer))).toEqual(answers.map(() => [first!.name]))
    expect(answers.map((answer) => [...answer[first!.name]!.data])).toEqual(
      answers.map((_, index) => [index + 1, index + 1, index + 1]),
    )
    const { done, failed, queued, running, restarts, latencyMs, workers } = pool.stats()
    expect({ done: done - before.done, failed, queued, running, restarts }).toEqual({
      done: 40,
      failed: 0,
      queued: 0,
      running: 0,
      restarts: 0,
    })
    expect(latencyMs.p50).toBeGreaterThan(0)
    expect(latencyMs.p50).toBeLessThanOrEqual(latencyMs.p95)
    expect(latencyMs.p95).toBeLessThanOrEqual(latencyMs.p99)
    for (const { rssBytes } of workers) expect(rssBytes).toBeGreaterThan(50 * 2 ** 20)
  })

  test('assigns two runs to each worker, and queues the rest', async () => {
    const runs = Array.from({ length: 7 }, async (_, index) => pool.run(sums(index)))
    const { queued, running, workers } = pool.stats()
    expect({ queued, running, each: workers.map((worker) => worker.running) }).toEqual({
      queued: 3,
      running: 4,
      each: [2, 2],
    })
    await Promise.all(runs)
  })

  test('a tensor in the pool’s arena can be fed to any of its workers', async () => {
    using x = pool.allocate('x', [1, 3])
    ;(x.data as Float32Array).set([1, 2, 3])
    const feeds = { x, n: tensor('int64', [1], new BigInt64Array([1n])) }
    const answers = await Promise.all(Array.from({ length: 6 }, async () => pool.run(feeds)))
    for (const answer of answers) expect([...answer[pool.outputs[0]!.name]!.data]).toEqual([2, 3, 4])
  })

  test('invalid feeds and options are rejected before anything is sent', async () => {
    await expect(pool.run({ x: sums(1).x })).rejects.toThrow(
      new TypeError('Input `n` is missing: the model needs `x`, `n`.'),
    )
    await expect(pool.run(sums(1), { fetch: ['y'] })).rejects.toThrow(TypeError)
    expect(pool.stats().queued).toBe(0)
  })
})

describe('a queued run', () => {
  let pool: PredictorPool

  beforeAll(async () => {
    pool = await PredictorPool.create({ model: nets.heavy, workers: 1, maxQueue: 1 })
  })

  afterAll(async () => {
    await pool.close()
  })

  test('reads a tensor in the pool’s arena when it begins', async () => {
    using x = pool.allocate('x', [1, 1024])
    const data = x.data as Float32Array
    data.fill(1)
    const [name] = pool.outputs.map((output) => output.name)
    const once = (await pool.run({ x }))[name!]
    data.fill(0)
    const before = pool.run({ x: rows(64) })
    const run = pool.run({ x })
    data.fill(1)
    expect((await run)[name!]).toEqual(once)
    await before
  })

  test('is rejected beyond maxQueue', async () => {
    const taken = [pool.run({ x: rows(64) }), pool.run({ x: rows(1) }), pool.run({ x: rows(1) })]
    await expect(pool.run({ x: rows(1) })).rejects.toMatchObject({
      code: 'QUEUE_FULL',
      message:
        `1 run waits for the pool of ${nets.heavy}/inference.pdmodel, and \`maxQueue\` allows no more.\n` +
        'Wait for some of them, give it more workers, or raise `maxQueue`.',
    })
    await Promise.all(taken)
  })

  test('leaves the queue at once when aborted, without affecting the others', async () => {
    const taken = [pool.run({ x: rows(64) }), pool.run({ x: rows(1) })]
    const controller = new AbortController()
    const waiting = pool.run({ x: rows(1) }, { signal: controller.signal })
    expect(pool.stats().queued).toBe(1)
    controller.abort()
    await expect(waiting).rejects.toMatchObject({
      code: 'ABORTED',
      message: 'The run was aborted by its signal.',
    })
    expect(pool.stats().queued).toBe(0)
    await Promise.all(taken)
  })
})

describe('a worker is replaced', () => {
  test('when it is killed', async () => {
    await using pool = await PredictorPool.create({ model: nets.twoInTwoOut, workers: 2 })
    const { workers } = pool.stats()
    process.kill(workers[0]!.pid!, 'SIGKILL')
    await until(() => pool.stats().restarts === 1)
    const answer = await pool.run(sums(4))
    expect([...answer[pool.outputs[0]!.name]!.data]).toEqual([5, 5, 5])
    await until(() => pool.stats().workers.every(({ pid }) => pid !== undefined))
    const pids = pool.stats().workers.map(({ pid }) => pid)
    expect(pids[0]).not.toBe(workers[0]!.pid)
    expect(pids[1]).toBe(workers[1]!.pid)
  })

  test('when a run times out: the new worker completes all others, including runs added while the old one ends', async () => {
    await using pool = await PredictorPool.create({ model: nets.heavy, workers: 1 })
    const slow = pool.run({ x: rows(4096) }, { timeoutMs: 50, retries: 0 })
    const others = [pool.run({ x: rows(1) }), pool.run({ x: rows(2) })]
    const [{ pid } = {}] = pool.stats().workers
    await until(async () => {
      others.push(pool.run({ x: rows(3) }))
      await delay(5)
      return pool.stats().workers[0]?.pid !== pid
    })
    await expect(slow).rejects.toMatchObject({ code: 'TIMEOUT' })
    const answers = await Promise.all(others)
    expect(answers.map((answer) => answer[pool.outputs[0]!.name]!.shape[0])).toEqual([
      1,
      2,
      ...others.slice(2).map(() => 3),
    ])
    expect(pool.stats()).toMatchObject({ restarts: 1, done: others.length, failed: 1 })
  })

  test('and the next run can still be aborted while it waits for the new one', async () => {
    await using pool = await PredictorPool.create({ model: nets.heavy, workers: 1 })
    const controller = new AbortController()
    const slow = pool.run({ x: rows(4096) }, { timeoutMs: 50, retries: 0 })
    const behind = pool.run({ x: rows(1) }, { signal: controller.signal })
    await expect(slow).rejects.toMatchObject({ code: 'TIMEOUT' })
    controller.abort()
    await expect(behind).rejects.toMatchObject({ code: 'ABORTED' })
    expect(pool.stats()).toMatchObject({ queued: 0, failed: 2 })
  })
})

test('runs on a retrieved predictor count: drain() waits for them, and recycling does not end them', async () => {
  const events: string[] = []
  await using pool = await PredictorPool.create({
    model: nets.heavy,
    workers: 1,
    maxRunsPerWorker: 1,
    onEvent: ({ type }) => events.push(type),
  })
  const predictor = pool.retrieve(0)
  const { pid } = predictor.info
  const first = pool.run({ x: rows(1) })
  const own = Promise.all([1, 2].map((value) => predictor.run({ x: rows(64, value) })))
  expect(pool.stats().running).toBe(3)
  await first
  // The first run triggers the recycling; its worker still has two runs to complete.
  await until(() => pool.retrieve(0).info.pid !== pid)
  expect(await own).toHaveLength(2)
  await until(() => events.includes('workerExit'))
  await expect(predictor.run({ x: rows(1) })).rejects.toMatchObject({ code: 'PREDICTOR_CLOSED' })

  const current = pool.retrieve(0)
  const order: string[] = []
  const last = current.run({ x: rows(512) }).then(() => order.push('answered'))
  const question = current.tryShrinkMemory().then(() => order.push('asked'))
  await pool.drain()
  order.push('drained')
  await Promise.all([last, question])
  expect(order.pop()).toBe('drained')
  expect(order.sort()).toEqual(['answered', 'asked'])
})

test('callbacks of a run keep the async context of the run, events that of the pool’s creation', async () => {
  const request = new AsyncLocalStorage<string>()
  const seen: [string, unknown][] = []
  const events = new Set<unknown>()
  await using pool = await request.run('create', () =>
    PredictorPool.create({
      model: nets.twoInTwoOut,
      workers: 1,
      maxRunsPerWorker: 4,
      onEvent: () => events.add(request.getStore()),
    }),
  )
  const runFor = (name: string): Promise<unknown> =>
    request.run(name, async () => {
      const write = (data: Float32Array): void => {
        seen.push([name, request.getStore()])
        data.fill(1)
      }
      await pool.run({ x: { dtype: 'float32', shape: [1, 3], write }, n: sums(1).n })
      seen.push([name, request.getStore()])
    })
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  await Promise.all(names.map(runFor))
  expect(seen).toHaveLength(12)
  expect(seen.filter(([name, store]) => name !== store)).toEqual([])
  // Two on the predictor itself, one of which waits for a lane too.
  const predictor = pool.retrieve(0)
  const stores: unknown[] = []
  await Promise.all(
    names.map((name) =>
      request.run(name, async () => {
        const write = (data: Float32Array): void => void (stores.push(request.getStore()), data.fill(1))
        await predictor.run({ x: { dtype: 'float32', shape: [1, 3], write }, n: sums(1).n })
      }),
    ),
  )
  expect(stores).toEqual(names)
  expect([...events]).toEqual(['create'])
})

test('drain() completes pending runs and accepts no more; close() may be called twice', async () => {
  const pool = await PredictorPool.create({ model: nets.twoInTwoOut, workers: 1 })
  const runs = Array.from({ length: 5 }, async (_, index) => pool.run(sums(index)))
  await pool.drain()
  expect(pool.stats()).toMatchObject({ done: 5, queued: 0, running: 0 } satisfies Partial<PoolStats>)
  await Promise.all(runs)
  await expect(pool.run(sums(1))).rejects.toMatchObject({
    code: 'PREDICTOR_CLOSED',
    message:
      `The pool of ${nets.twoInTwoOut}/inference.pdmodel accepts no more runs: drain() was called.\n` +
      'Create another one.',
  })
  await pool.close()
  await pool.close()
})

test('close() rejects queued and running runs', async () => {
  const pool = await PredictorPool.create({ model: nets.heavy, workers: 1 })
  const runs = [rows(512), rows(1), rows(1)].map(async (x) =>
    pool.run({ x }).then(
      () => 'done',
      (error: unknown) => (error as { code: string }).code,
    ),
  )
  await pool.close()
  expect(await Promise.all(runs)).toEqual(['PREDICTOR_CLOSED', 'PREDICTOR_CLOSED', 'PREDICTOR_CLOSED'])
})

test('invalid options', async () => {
  await expect(PredictorPool.create(undefined as never)).rejects.toEqual(
    new TypeError('Expected a Config or an options object for `options`, got undefined.'),
  )
  await expect(PredictorPool.create({ model: 'm', worker: 2 } as never)).rejects.toThrow(
    /^Unknown option `worker`\. Did you mean `workers`\? The options are model, .*, prepare, workers, maxQueue, retries, startTimeoutMs, maxRssMb, maxRunsPerWorker, onEvent\.$/,
  )
})

test('a model that cannot be loaded is one error, and no process is left', async () => {
  await expect(PredictorPool.create({ model: `${nets.heavy}/none`, workers: 2 })).rejects.toMatchObject({
    code: 'MODEL_NOT_FOUND',
  })
  const aborted = AbortSignal.abort()
  await expect(
    PredictorPool.create({ model: nets.heavy, workers: 2, signal: aborted }),
  ).rejects.toMatchObject({
    code: 'ABORTED',
  })
  const controller = new AbortController()
  const creating = PredictorPool.create({ model: nets.heavy, workers: 2, signal: controller.signal })
  setImmediate(() => {
    controller.abort()
  })
  await once(controller.signal, 'abort')
  await expect(creating).rejects.toMatchObject({ code: 'ABORTED' })
})
