import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { execa } from 'execa'
import {
  createPool,
  type ModelPool,
  type Outputs,
  type PoolEvent,
  type PredictorWarning,
} from '../../src/inference/index.js'
import { tensor, type Tensor } from '../../src/tensor/index.js'
import { faultyPython } from '../helpers/faulty.js'
import { makeNets, type Nets } from '../helpers/nets.js'
import { fromPool } from '../helpers/pool-events.js'
import { until } from '../helpers/until.js'

let nets: Nets
let folder: string

beforeAll(async () => {
  nets = await makeNets()
})
afterAll(async () => {
  await nets[Symbol.asyncDispose]()
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-pool-'))
  process.env['FAULTS'] = await mkdtemp(join(folder, 'faults-'))
})
afterEach(async () => {
  delete process.env['FAULTS']
  await rm(folder, { recursive: true })
})

const slow = { x: tensor('float32', [256, 1024], new Float32Array(256 * 1024).fill(1)) }
const SIGKILL = 9
const SIGSEGV = 11

/** A feed that ends a worker of `by_feed`, this many times. */
function deadly(signal: number, times: number): { x: Tensor } {
  return { x: tensor('float32', [1, 3], [-1, signal, times]) }
}

function sums(x: number): { x: Tensor; n: Tensor } {
  return { x: tensor('float32', [1, 3], [x, x, x]), n: tensor('int64', [1], [1n]) }
}

function first(outputs: Outputs): number {
  return Number(Object.values(outputs)[0]!.data[0])
}

/** The warnings and events of a pool. */
interface Told {
  readonly events: PoolEvent[]
  readonly warnings: PredictorWarning[]
}

function twoModels(
  python: string,
  workers: number,
  { events, warnings }: Told = { events: [], warnings: [] },
): Promise<ModelPool<'sum' | 'grow'>> {
  return createPool({
    models: { sum: { model: nets.twoInTwoOut }, grow: { model: nets.grow } },
    ...{ workers, python },
    onEvent: (event) => events.push(event),
    onWarning: (warning) => warnings.push(warning),
  })
}

test('a killed worker loses only the run that it computed, and restarts with all models', async () => {
  const events: PoolEvent[] = []
  await using pool = await createPool({
    models: { sum: { model: nets.twoInTwoOut }, slow: { model: nets.heavy } },
    workers: 1,
    retries: 0,
    onEvent: (event) => events.push(event),
  })
  const { sum } = pool.models
  const pid = sum.info.pid!
  const computing = pool.models.slow.run(slow)
  // The second run has its feeds in a lane, the others are queued.
  const others = [1, 2, 3, 4].map((x) => sum.run(sums(x)))
  process.kill(pid, 'SIGKILL')
  await expect(computing).rejects.toMatchObject({
    code: 'WORKER_DIED',
    details: { signal: 'SIGKILL', during: 'run' },
    message: expect.stringContaining(`${nets.heavy}/inference.pdmodel`),
  })
  expect((await Promise.all(others)).map(first)).toEqual([2, 3, 4, 5])
  expect(first(await pool.models.slow.run(slow))).toEqual(expect.any(Number))
  expect(sum.info.pid).not.toBe(pid)
  expect(pool.stats()).toMatchObject({
    restarts: 1,
    retries: 0,
    models: { sum: { done: 4, failed: 0 }, slow: { done: 1, failed: 1 } },
  })
  expect(events.filter(({ type }) => type === 'workerExit')).toMatchObject([
    { pid, signal: 'SIGKILL', expected: false, model: 'slow' },
  ])
})

test('a run that always kills its worker is retried `retries` times, whatever other runs there are', async () => {
  const python = await faultyPython(folder, 'by_feed')
  const told: Told = { events: [], warnings: [] }
  await using pool = await twoModels(python, 2, told)
  const { sum, grow } = pool.models
  const bad = grow.run(deadly(SIGKILL, -1), { retries: 2 })
  const others = Array.from({ length: 20 }, (__, x) => sum.run(sums(x)))
  await expect(bad).rejects.toMatchObject({ code: 'WORKER_DIED', details: { signal: 'SIGKILL' } })
  expect((await Promise.all(others)).map(first)).toEqual(Array.from({ length: 20 }, (__, x) => x + 1))
  const { models } = pool.stats()
  expect(models).toMatchObject({
    sum: { done: 20, failed: 0, retries: 0 },
    grow: { done: 0, failed: 1, retries: 2 },
  })
  const retries = fromPool(told.events, 'retry')
  expect(retries.map(({ model, attempt }) => [model, attempt])).toEqual([
    ['grow', 2],
    ['grow', 3],
  ])
})

test('a run that kills its worker once completes on retry', async () => {
  const python = await faultyPython(folder, 'by_feed')
  await using pool = await twoModels(python, 1)
  const outputs = await pool.models.grow.run(deadly(SIGKILL, 1))
  expect(first(outputs)).toBe(-1)
  expect(pool.stats().models.grow).toMatchObject({ done: 1, failed: 0, retries: 1 })
})

test('a model that oneDNN crashes on is loaded without it, and the other one keeps it', async () => {
  const python = await faultyPython(folder, 'by_feed_with_one_dnn')
  const told: Told = { events: [], warnings: [] }
  await using pool = await twoModels(python, 1, told)
  const { sum, grow } = pool.models
  const pid = grow.info.pid!
  expect([sum.info.oneDnn, grow.info.oneDnn]).toEqual([true, true])
  const healed = grow.run(deadly(SIGSEGV, -1))
  const others = [1, 2, 3].map((x) => sum.run(sums(x)))
  expect(first(await healed)).toBe(-1)
  expect((await Promise.all(others)).map(first)).toEqual([2, 3, 4])
  expect([sum.info.oneDnn, grow.info.oneDnn]).toEqual([true, false])
  expect(grow.info.oneDnnFailure).toBe('The worker died with SIGSEGV during `run`.')
  expect(sum.info.oneDnnFailure).toBeUndefined()
  expect(told.warnings).toMatchObject([{ code: 'ONEDNN_DISABLED', model: 'grow' }])
  expect(grow.info.pid).not.toBe(pid)
  expect(pool.stats()).toMatchObject({ failed: 0, retries: 0 })
  expect(fromPool(told.events, 'retry')).toEqual([])
  // Its later replacement starts in the same way.
  process.kill(grow.info.pid!, 'SIGKILL')
  expect(first(await sum.run(sums(4)))).toBe(5)
  expect([sum.info.oneDnn, grow.info.oneDnn]).toEqual([true, false])
  expect(first(await grow.run(deadly(SIGSEGV, -1)))).toBe(-1)
})

test('each model has its own fallback', async () => {
  const python = await faultyPython(folder, 'by_feed_with_one_dnn')
  const told: Told = { events: [], warnings: [] }
  await using pool = await twoModels(python, 1, told)
  const { sum, grow } = pool.models
  const x = tensor('float32', [1, 3], [-1, SIGSEGV, -1])
  const [grown, summed] = await Promise.all([grow.run({ x }), sum.run({ x, n: tensor('int64', [1], [1n]) })])
  expect([first(grown), first(summed)]).toEqual([-1, 0])
  expect([sum.info.oneDnn, grow.info.oneDnn]).toEqual([false, false])
  expect(told.warnings.map(({ code, model }) => [code, model])).toEqual([
    ['ONEDNN_DISABLED', 'grow'],
    ['ONEDNN_DISABLED', 'sum'],
  ])
})

test('runs of two models that fail with oneDNN at once both complete', async () => {
  const python = await faultyPython(folder, 'failing_with_one_dnn')
  const told: Told = { events: [], warnings: [] }
  await using pool = await twoModels(python, 1, told)
  const { sum, grow } = pool.models
  const x = tensor('float32', [1, 1], [7])
  const [summed, grown, again] = await Promise.all([sum.run(sums(1)), grow.run({ x }), sum.run(sums(2))])
  expect([first(summed), first(grown), first(again)]).toEqual([2, 7, 3])
  expect([sum.info.oneDnn, grow.info.oneDnn]).toEqual([false, false])
  expect(pool.stats()).toMatchObject({ failed: 0, retries: 0, restarts: 0 })
  expect(told.warnings.map(({ model }) => model)).toEqual(['sum', 'grow'])
})

test('a model that cannot be loaded with oneDNN is loaded without it, and the other one keeps it', async () => {
  const python = await faultyPython(folder, 'without_grow_in_one_dnn')
  const told: Told = { events: [], warnings: [] }
  await using pool = await twoModels(python, 2, told)
  const { sum, grow } = pool.models
  expect([sum.info.oneDnn, grow.info.oneDnn]).toEqual([true, false])
  expect(told.warnings).toMatchObject([{ code: 'ONEDNN_DISABLED', model: 'grow' }])
  expect(first(await sum.run(sums(1)))).toBe(2)
})

test('a worker that is starting when the fallback disables oneDNN for its model also runs without oneDNN', async () => {
  const faults = process.env['FAULTS']!
  await execa('mkfifo', [join(faults, 'go')])
  const python = await faultyPython(folder, 'without_grow_once_armed')
  const told: Told = { events: [], warnings: [] }
  await using pool = await twoModels(python, 2, told)
  const { sum } = pool.models
  await writeFile(join(faults, 'armed'), '')
  for (const { pid } of pool.stats().workers) process.kill(pid!, 'SIGKILL')
  await until(() => told.warnings.length === 1)
  await writeFile(join(faults, 'go'), '')
  await until(() => fromPool(told.events, 'workerStart').length === 4)
  expect((await Promise.all([1, 2, 3, 4].map((x) => sum.run(sums(x))))).map(first)).toEqual([2, 3, 4, 5])
  expect(told.warnings.map(({ model }) => model)).toEqual(['grow'])
  expect(fromPool(told.events, 'workerExit').filter(({ signal }) => signal !== 'SIGKILL')).toEqual([])
})
