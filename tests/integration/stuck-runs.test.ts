import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createPredictor, PredictorPool, type Feed, type Predictor } from '../../src/inference/index.js'
import { tensor } from '../../src/tensor/index.js'
import { makeNets, type Nets } from '../helpers/nets.js'

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

/** Writers that do not come to an end before they are let go. */
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
  message: `${what} took longer than 20 ms.\nRaise \`timeoutMs\` (--timeout-ms), or ask for less.`,
})
const lateFeeds = late('Writing the feeds')
const lateOthers = late('Waiting for the feeds of other runs')
const timeoutMs = 20

describe('a run behind two whose writers do not end', () => {
  let predictor: Predictor
  let gate: Gate
  let stuck: Promise<unknown>[]

  beforeEach(async () => {
    predictor = await createPredictor({ model: nets.twoInTwoOut, oneDnn: false })
    gate = new Gate()
    stuck = [predictor.run(gate.feeds), predictor.run(gate.feeds)]
    expect(gate.begun).toBe(2)
  })

  /** What becomes of the three when something happens. */
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

  test('ends in time, and costs the others nothing', async () => {
    await expect(predictor.run(ones, { timeoutMs })).rejects.toMatchObject(lateOthers)
    const third = predictor.run(ones, { timeoutMs: 60_000 })
    expect(
      await outcomes(third, () => {
        gate.open()
      }),
    ).toEqual(['answered', 'answered', 'answered'])
  })

  test('ends with close(), as they do', async () => {
    const closing = (): void => void predictor.close()
    expect(await outcomes(predictor.run(ones), closing)).toEqual(Array(3).fill('PREDICTOR_CLOSED'))
  })

  test('ends with the worker, as they do', async () => {
    const kill = (): void => void process.kill(predictor.info.pid!, 'SIGKILL')
    expect(await outcomes(predictor.run(ones), kill)).toEqual(Array(3).fill('WORKER_DIED'))
  })

  test('ends with its signal', async () => {
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
  test('ends in time, and its worker answers others', async () => {
    await using predictor = await createPredictor({ model: nets.twoInTwoOut, oneDnn: false })
    const gate = new Gate()
    await expect(predictor.run(gate.feeds, { timeoutMs })).rejects.toMatchObject(lateFeeds)
    expect(sumsOf(await predictor.run(ones))).toEqual([2, 2, 2])
    expect(sumsOf(await predictor.run(ones))).toEqual([2, 2, 2])
    gate.open()
  })

  test('ends in time in a pool, and is not written again', async () => {
    await using pool = await PredictorPool.create({ model: nets.twoInTwoOut, workers: 1, oneDnn: false })
    const gate = new Gate()
    await expect(pool.run(gate.feeds, { timeoutMs })).rejects.toMatchObject(lateFeeds)
    expect(gate.begun).toBe(1)
    expect(pool.stats()).toMatchObject({ failed: 1, retries: 0, restarts: 0 })
    gate.open()
  })

  test('is given to the next worker of a pool when its own dies meanwhile', async () => {
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

describe('a writer that runs what it writes for', () => {
  const inWrite = (model: string): object => ({
    code: 'RUN_IN_WRITE',
    message:
      `The \`write\` of a feed of ${model} has called the predictor or pool that it writes for, which would wait for itself.\n` +
      'Run it before, and have `write` copy what came of it; or create another predictor for that.',
  })

  test('is told so', async () => {
    await using predictor = await createPredictor({ model: nets.twoInTwoOut, oneDnn: false })
    await using other = await createPredictor({ model: nets.twoInTwoOut, oneDnn: false })
    const told = inWrite(predictor.info.model)
    const nested = written(async () => {
      await predictor.run(ones)
    })
    await expect(Promise.all([predictor.run(nested), predictor.run(nested)])).rejects.toMatchObject(told)
    // However deep, and not only at once.
    const deeper = written(async () => {
      await other.run(
        written(async () => {
          await new Promise(setImmediate)
          await predictor.run(ones)
        }),
      )
    })
    await expect(predictor.run(deeper)).rejects.toMatchObject(told)
    // Another one may be run, and the same one from what a writer has begun and not waited for.
    const writing: { later?: Promise<unknown> } = {}
    const done = new Promise<void>((resolve) => {
      const fine = written(async (data) => {
        data.set(sumsOf(await other.run(ones)))
        writing.later = new Promise<void>((go) => setImmediate(go)).then(() => predictor.run(ones))
        resolve()
      })
      writing.later = predictor.run(fine).then((outputs) => {
        expect(sumsOf(outputs)).toEqual([3, 3, 3])
      })
    })
    await done
    await writing.later
  })

  test('is told so by a pool and its predictors', async () => {
    await using pool = await PredictorPool.create({ model: nets.twoInTwoOut, workers: 1, oneDnn: false })
    const told = inWrite(pool.info.model)
    for (const nested of [() => pool.run(ones), () => pool.retrieve(0).run(ones), () => pool.drain()]) {
      await expect(
        pool.run(
          written(async () => {
            await nested()
          }),
        ),
      ).rejects.toMatchObject(told)
    }
    expect(sumsOf(await pool.run(ones))).toEqual([2, 2, 2])
  })
})
