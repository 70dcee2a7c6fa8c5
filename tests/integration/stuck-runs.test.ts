import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  createPredictor,
  PredictorPool,
  type Feed,
  type PoolEvent,
  type Predictor,
} from '../../src/inference/index.js'
import { Pipeline } from '../../src/tasks/pipeline/pipeline.js'
import { tensor } from '../../src/tensor/index.js'
import { makeNets, type Nets } from '../helpers/nets.js'
import { until } from '../helpers/until.js'

let nets: Nets
beforeAll(async () => {
  nets = await makeNets()
})
afterAll(async () => {
  await nets[Symbol.asyncDispose]()
})

const n = tensor('int64', [1], [1n])
const feeds = (x: Feed): { x: Feed; n: Feed } => ({ x, n })
const ones = feeds(tensor('float32', [1, 3], [1, 1, 1]))
const written = (write: (data: Float32Array) => void | Promise<void>): { x: Feed; n: Feed } =>
  feeds({ dtype: 'float32', shape: [1, 3], write })
const sumsOf = (outputs: Awaited<ReturnType<Predictor['run']>>): number[] => [
  ...(Object.values(outputs)[0]!.data as Float32Array),
]

/** Writers that do not end before the test releases them. */
class Gate {
  readonly #open: (() => void)[] = []
  begun = 0

  readonly feeds = written(async (data) => {
    this.begun += 1
    await new Promise<void>((resolve) => this.#open.push(resolve))
    data.fill(2)
  })

  open(): void {
    for (const each of this.#open.splice(0)) each()
  }
}

const late = (what: string): object => ({
  code: 'TIMEOUT',
  message: `${what} took longer than 20 ms.\nRaise \`timeoutMs\`, or reduce the work.`,
})
const lateFeeds = late('Writing the feeds')
const lateOthers = late('Waiting for the feeds of other runs')
const timeoutMs = 20

describe('a run queued behind two whose writers do not end', () => {
  let predictor: Predictor
  let gate: Gate
  let stuck: Promise<unknown>[]

  beforeEach(async () => {
    predictor = await createPredictor({ model: nets.twoInTwoOut, oneDnn: false })
    gate = new Gate()
    stuck = [predictor.run(gate.feeds), predictor.run(gate.feeds)]
    expect(gate.begun).toBe(2)
  })

  /** The outcomes of the three runs after an action. */
  async function outcomes(third: Promise<unknown>, happen: () => void): Promise<unknown[]> {
    const settled = Promise.allSettled([...stuck, third])
    happen()
    const codes = (await settled).map((each) =>
      each.status === 'fulfilled' ? 'answered' : (each.reason as { code: string }).code,
    )
    gate.open()
    await predictor.close()
    return codes
  }

  test('times out without affecting the others', async () => {
    await expect(predictor.run(ones, { timeoutMs })).rejects.toMatchObject(lateOthers)
    const third = predictor.run(ones, { timeoutMs: 60_000 })
    expect(
      await outcomes(third, () => {
        gate.open()
      }),
    ).toEqual(['answered', 'answered', 'answered'])
  })

  test('is rejected by close(), like the others', async () => {
    const closing = (): void => void predictor.close()
    expect(await outcomes(predictor.run(ones), closing)).toEqual(Array(3).fill('PREDICTOR_CLOSED'))
  })

  test('is rejected when the worker ends, like the others', async () => {
    const kill = (): void => void process.kill(predictor.info.pid!, 'SIGKILL')
    expect(await outcomes(predictor.run(ones), kill)).toEqual(Array(3).fill('WORKER_DIED'))
  })

  test('is aborted by its signal', async () => {
    const controller = new AbortController()
    const abort = (): void => {
      controller.abort()
      gate.open()
    }
    const third = predictor.run(ones, { signal: controller.signal })
    expect(await outcomes(third, abort)).toEqual(['answered', 'answered', 'ABORTED'])
  })
})

describe('a run whose own writer does not end', () => {
  test('times out, and its worker completes other runs', async () => {
    await using predictor = await createPredictor({ model: nets.twoInTwoOut, oneDnn: false })
    const gate = new Gate()
    await expect(predictor.run(gate.feeds, { timeoutMs })).rejects.toMatchObject(lateFeeds)
    expect(sumsOf(await predictor.run(ones))).toEqual([2, 2, 2])
    expect(sumsOf(await predictor.run(ones))).toEqual([2, 2, 2])
    gate.open()
  })

  test('times out in a pool, and is not written again', async () => {
    await using pool = await PredictorPool.create({ model: nets.twoInTwoOut, workers: 1, oneDnn: false })
    const gate = new Gate()
    await expect(pool.run(gate.feeds, { timeoutMs })).rejects.toMatchObject(lateFeeds)
    expect(gate.begun).toBe(1)
    expect(pool.stats()).toMatchObject({ failed: 1, retries: 0, restarts: 0 })
    gate.open()
  })

  test('moves to the next worker of a pool if its own dies meanwhile', async () => {
    await using pool = await PredictorPool.create({ model: nets.twoInTwoOut, workers: 1, oneDnn: false })
    const gate = new Gate()
    const running = pool.run(gate.feeds)
    process.kill(pool.stats().workers[0]!.pid!, 'SIGKILL')
    await pool.run(ones)
    expect(gate.begun).toBe(2)
    gate.open()
    expect(sumsOf(await running)).toEqual([3, 3, 3])
  })
})

describe('a pool whose lanes are held by writers that do not end', () => {
  const create = (workers: number, events: PoolEvent[]): Promise<PredictorPool> =>
    PredictorPool.create({
      model: nets.twoInTwoOut,
      workers,
      oneDnn: false,
      onEvent: (event) => events.push(event),
    })

  test('assigns runs to its other worker, and recycles the one without a free lane', async () => {
    const events: PoolEvent[] = []
    await using pool = await create(2, events)
    const gate = new Gate()
    const [first] = pool.stats().workers
    // The least busy worker is the first one, both times.
    const stuck = [0, 1].map(() => pool.retrieve(0).run(gate.feeds, { timeoutMs }))
    for (const run of stuck) await expect(run).rejects.toMatchObject(lateFeeds)
    const runs = Array.from({ length: 8 }, () => pool.run(ones, { timeoutMs: 60_000 }))
    for (const outputs of await Promise.all(runs)) expect(sumsOf(outputs)).toEqual([2, 2, 2])
    await until(() => events.some(({ type }) => type === 'workerExit'))
    expect(events.filter(({ type }) => type !== 'workerStart')).toMatchObject([
      { type: 'recycle', worker: 0, reason: 'stuckWrites', pid: first!.pid },
      { type: 'workerExit', worker: 0, expected: true, pid: first!.pid },
    ])
    expect(pool.stats()).toMatchObject({ recycled: 1, restarts: 0, failed: 0 })
    gate.open()
  })

  test('with one worker continues with a new one, for which runs wait', async () => {
    const events: PoolEvent[] = []
    await using pool = await create(1, events)
    const gate = new Gate()
    const stuck = [0, 1].map(() => pool.run(gate.feeds, { timeoutMs }))
    for (const run of stuck) await expect(run).rejects.toMatchObject(lateFeeds)
    // Timeouts of waiting runs pause while a worker starts, which takes longer than this.
    expect(sumsOf(await pool.run(ones, { timeoutMs: 200 }))).toEqual([2, 2, 2])
    expect(pool.stats()).toMatchObject({ recycled: 1, failed: 2 })
    gate.open()
  })

  test('times out runs that wait behind them', async () => {
    await using pool = await create(1, [])
    const gate = new Gate()
    const stuck = [0, 1].map(() => pool.run(gate.feeds))
    await expect(pool.run(ones, { timeoutMs })).rejects.toMatchObject(lateOthers)
    expect(pool.stats()).toMatchObject({ queued: 0, failed: 1 })
    gate.open()
    await Promise.all(stuck)
  })
})

describe('writers that wait for runs of their own predictor', () => {
  const inWrite = (model: string): object => ({
    code: 'RUN_IN_WRITE',
    message:
      `The \`write\` of a feed waits for a run of ${model}, but every lane is held by a run whose \`write\` waits too: a deadlock.\n` +
      'Run it first and let `write` copy the outputs, or create another predictor for it.',
  })
  const copying = (from: Predictor | PredictorPool): ReturnType<typeof written> =>
    written(async (data) => {
      await new Promise(setImmediate)
      data.set(sumsOf(await from.run(ones)))
    })

  test('are rejected if all of them would wait for each other, and only then', async () => {
    await using predictor = await createPredictor({ model: nets.twoInTwoOut, oneDnn: false })
    expect(sumsOf(await predictor.run(copying(predictor)))).toEqual([3, 3, 3])
    const both = await Promise.allSettled([0, 1].map(() => predictor.run(copying(predictor))))
    const [failed, answered] = both.sort((a, b) => (a.status < b.status ? 1 : -1))
    expect(failed).toMatchObject({ reason: inWrite(predictor.info.model) })
    expect(answered).toMatchObject({ status: 'fulfilled' })
    expect(sumsOf(await predictor.run(ones))).toEqual([2, 2, 2])
  })

  test('are rejected when two predictors wait for each other', async () => {
    await using a = await createPredictor({ model: nets.twoInTwoOut, oneDnn: false })
    await using b = await createPredictor({ model: nets.twoInTwoOut, oneDnn: false })
    const runs = [a.run(copying(b)), a.run(copying(b)), b.run(copying(a)), b.run(copying(a))]
    const codes = (await Promise.allSettled(runs)).map((each) =>
      each.status === 'fulfilled' ? 'answered' : (each.reason as { code: string }).code,
    )
    expect(codes.filter((code) => code === 'RUN_IN_WRITE')).toHaveLength(1)
    expect(codes.filter((code) => code === 'answered')).toHaveLength(3)
  })

  test('are rejected by a pipeline, which does not let them wait for a batch behind their own', async () => {
    await using pipeline = await Pipeline.load(nets.twoInTwoOut, {
      preprocess: (inner: number) => ({
        feeds:
          inner === 0
            ? ones
            : written(async (data) => {
                await new Promise(setImmediate)
                data.set(await pipeline.runOne(inner - 1))
              }),
      }),
      postprocess: sumsOf,
      workers: 1,
      oneDnn: false,
    })
    expect(await pipeline.runOne(1)).toEqual([3, 3, 3])
    const both = await Promise.allSettled([1, 1].map((inner) => pipeline.runOne(inner)))
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: inWrite(pipeline.pool.info.model),
    })
    expect(await pipeline.runOne(0)).toEqual([2, 2, 2])
  })

  test('are rejected by a pool, as is drain() in a write, which would wait for itself', async () => {
    await using pool = await PredictorPool.create({ model: nets.twoInTwoOut, workers: 1, oneDnn: false })
    const both = await Promise.allSettled([0, 1].map(() => pool.run(copying(pool))))
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: inWrite(pool.info.model),
    })
    const draining = written(async () => {
      await pool.drain()
    })
    await expect(pool.run(draining)).rejects.toMatchObject({
      code: 'RUN_IN_WRITE',
      message:
        `The \`write\` of a feed called drain() on the pool of ${pool.info.model}, which waits for the run of this feed.\n` +
        'Call drain() outside of `write`.',
    })
    expect(sumsOf(await pool.run(ones))).toEqual([2, 2, 2])
  })

  test('may start runs without waiting for them, one after the other', async () => {
    await using predictor = await createPredictor({ model: nets.twoInTwoOut, oneDnn: false })
    const runs: Promise<unknown>[] = []
    const next = (left: number): void => {
      runs.push(
        predictor.run(
          written((data) => {
            data.fill(1)
            if (left > 0) next(left - 1)
          }),
        ),
      )
    }
    next(10)
    for (const run of runs) await run
    expect(runs).toHaveLength(11)
  })
})
