import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { regions } from '../../scripts/soak/left.js'
import { PredictorPool, type Outputs, type PoolEvent, type PoolOptions } from '../../src/inference/index.js'
import { tensor, type Tensor } from '../../src/tensor/index.js'
import { faultyPython } from '../helpers/faulty.js'
import { makeNets, type Nets } from '../helpers/nets.js'
import { fromPool } from '../helpers/pool-events.js'
import { until } from '../helpers/until.js'
import { killedIn } from '../helpers/worker-death.js'

/** Numbers of signals; 0 is exit code 3. */
const [SIGSEGV, SIGKILL, SIGTERM, SIGSTOP] = [11, 9, 15, 19]

let nets: Nets
let pythons: string
let faults: string

beforeAll(async () => {
  pythons = await mkdtemp(join(tmpdir(), 'pythons-'))
  nets = await makeNets()
})

afterAll(async () => {
  await nets[Symbol.asyncDispose]()
  await rm(pythons, { recursive: true })
})

beforeEach(async () => {
  faults = await mkdtemp(join(tmpdir(), 'faults-'))
  process.env['FAULTS'] = faults
})

afterEach(async () => {
  delete process.env['FAULTS']
  await rm(faults, { recursive: true })
})

function sums(x: readonly number[]): { x: Tensor; n: Tensor } {
  return {
    x: tensor('float32', [1, 3], new Float32Array(x)),
    n: tensor('int64', [1], new BigInt64Array([1n])),
  }
}

/** Feeds that end a worker by a signal, this many times; -1: always. */
const ending = (signal: number, times: number) => sums([-1, signal, times])

/** A pool of one worker, for runs that end it. */
async function poolOf(fault: string | undefined, events: PoolEvent[], options: PoolOptions = {}) {
  return PredictorPool.create({
    model: nets.twoInTwoOut,
    ...(fault !== undefined && { python: await faultyPython(pythons, fault) }),
    workers: 1,
    onEvent: (event) => events.push(event),
    ...options,
  })
}

/** The events, without values that differ between runs. */
function told(events: readonly PoolEvent[]): unknown[] {
  return events.map((event) => {
    switch (event.type) {
      case 'workerStart':
        return event.type
      case 'workerExit':
        return [event.type, event.signal ?? event.exitCode, event.runs, event.expected, event.error?.code]
      case 'retry':
        return [event.type, event.attempt, event.retries, event.error.code]
      case 'recycle':
        return [event.type, event.reason, event.runs]
    }
  })
}

function isStopped(pid: number): boolean {
  return /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
}

const yOf = (answer: Outputs): number[] => [...(Object.values(answer)[0]!.data as Float32Array)]

test('a run whose worker ends, for any reason, is retried, and the next run completes too', async () => {
  const events: PoolEvent[] = []
  await using pool = await poolOf('by_feed', events)
  await pool.run(sums([0, 0, 0]))
  const before = regions()
  let deaths = 0
  for (const [how, signal] of [
    ['SIGTERM', SIGTERM],
    ['SIGSEGV', SIGSEGV],
    [3, 0],
  ] as const) {
    events.length = 0
    deaths += 1
    const answers = await Promise.all([pool.run(ending(signal, deaths)), pool.run(sums([5, 5, 5]))])
    expect(answers.map(yOf)).toEqual([
      [0, signal + 1, deaths + 1],
      [6, 6, 6],
    ])
    expect(told(events)).toEqual([
      ['workerExit', how, expect.any(Number), false, undefined],
      ['retry', 2, 2, 'WORKER_DIED'],
      'workerStart',
    ])
    // Recorded, so that the next worker dies once more.
    deaths = (await readdir(faults)).length
  }
  expect(pool.stats()).toMatchObject({ retries: 3, restarts: 3, done: 7, failed: 0 })
  // Each worker takes over the memory of the one that died.
  expect(regions()).toBe(before)
  // The model has run with oneDNN, so SIGSEGV counts as accidental.
  expect(pool.info).toMatchObject({ oneDnn: true, oneDnnFailure: undefined })
})

test('a run that ends each of its workers is rejected with the reason; queued runs had not begun', async () => {
  const events: PoolEvent[] = []
  await using pool = await poolOf('by_feed', events)
  const lost = pool.run(ending(SIGKILL, -1))
  const behind = pool.run(sums([5, 5, 5]), { retries: 0 })
  await expect(lost).rejects.toMatchObject({
    code: 'WORKER_DIED',
    message: killedIn(nets.twoInTwoOut, { oneDnn: true, tries: 3 }),
    details: { signal: 'SIGKILL', exitCode: null, during: 'run', output: '', tries: 3 },
  })
  expect(yOf(await behind)).toEqual([6, 6, 6])
  expect(events.filter(({ type }) => type === 'retry')).toMatchObject([{ attempt: 2 }, { attempt: 3 }])

  // Without retries, the error is only the death.
  await expect(pool.run(ending(0, -1), { retries: 0 })).rejects.toMatchObject({
    code: 'WORKER_DIED',
    message: expect.stringMatching(
      /^The worker died with exit code 3 during `run` \(.*, oneDNN on\)\. It wrote nothing\.\nIt was fed: .+\.\nCreate the predictor again\.$/,
    ) as unknown as string,
  })
})

test('the error of a retried run contains how its last worker ended', async () => {
  await using pool = await poolOf('by_feed', [], { retries: 1 })
  await expect(pool.run(ending(SIGKILL, -1))).rejects.toMatchObject({
    code: 'WORKER_DIED',
    details: { signal: 'SIGKILL', exitCode: null, during: 'run', output: '', tries: 2 },
  })
})

test('a run that waits for its retry can be aborted without affecting the queued runs', async () => {
  const events: PoolEvent[] = []
  await using pool = await poolOf('by_feed', events)
  const controller = new AbortController()
  const lost = pool.run(ending(SIGKILL, 1), { signal: controller.signal })
  const behind = [1, 2, 3].map((x) => pool.run(sums([x, x, x])))
  await until(() => events.some(({ type }) => type === 'retry'))
  expect(pool.stats().queued).toBe(4)
  controller.abort()
  await expect(lost).rejects.toMatchObject({ code: 'ABORTED' })
  expect(pool.stats().queued).toBe(3)
  expect((await Promise.all(behind)).map(yOf)).toEqual([
    [2, 2, 2],
    [3, 3, 3],
    [4, 4, 4],
  ])
})

test('a run that hangs is retried on another worker, each time with the full timeout; an aborted one is not', async () => {
  const events: PoolEvent[] = []
  await using pool = await poolOf('by_feed', events)
  expect(yOf(await pool.run(ending(SIGSTOP, 1), { timeoutMs: 1000 }))).toEqual([0, SIGSTOP + 1, 2])
  expect(told(events)).toEqual([
    'workerStart',
    ['workerExit', 'SIGKILL', 0, false, 'TIMEOUT'],
    ['retry', 2, 2, 'TIMEOUT'],
    'workerStart',
  ])
  await expect(pool.run(ending(SIGSTOP, -1), { timeoutMs: 300, retries: 1 })).rejects.toMatchObject({
    code: 'TIMEOUT',
    message:
      'The run took longer than 300 ms.\nThe run was tried 2 times.\nRaise `timeoutMs`, or reduce the work.',
  })
  events.length = 0
  await pool.run(sums([0, 0, 0]))
  const controller = new AbortController()
  const lost = pool.run(ending(SIGSTOP, -1), { signal: controller.signal })
  const pid = pool.stats().workers[0]!.pid!
  await until(() => isStopped(pid))
  controller.abort()
  await expect(lost).rejects.toMatchObject({ code: 'ABORTED' })
  expect(events.filter(({ type }) => type === 'retry')).toEqual([])
  expect(yOf(await pool.run(sums([5, 5, 5])))).toEqual([6, 6, 6])
})

test('a model that kills every worker at its start is one error, after three workers', async () => {
  await expect(poolOf('at_start', [])).rejects.toMatchObject({
    code: 'WORKER_DIED',
    message: `The worker died with SIGKILL during \`create\` (${nets.twoInTwoOut}/inference.pdmodel). It wrote nothing.
It was killed, perhaps because the system ran out of memory: feed smaller batches, or free memory.`,
  })
  expect(await readdir(faults)).toHaveLength(3)
})

test('a pool whose workers can no longer start rejects all queued runs, and stops', async () => {
  const events: PoolEvent[] = []
  await using pool = await poolOf('from_the_second_on', events)
  process.kill(pool.stats().workers[0]!.pid!, 'SIGKILL')
  await until(() => events.length > 1)
  const waiting = [pool.run(sums([1, 1, 1])), pool.run(sums([2, 2, 2]))]
  const error = {
    code: 'POOL_FAILED',
    message: `5 workers of the pool of ${nets.twoInTwoOut}/inference.pdmodel ended in a row without completing a run. The last one: The worker died with SIGKILL during \`create\`. It wrote nothing.
It was killed, perhaps because the system ran out of memory: feed smaller batches, or free memory.
To find the cause, set \`onEvent\`, which reports why each worker ended. A run after ten seconds starts another worker.`,
  }
  for (const run of waiting) await expect(run).rejects.toMatchObject(error)
  expect(told(events)).toEqual([
    'workerStart',
    ['workerExit', 'SIGKILL', 0, false, 'WORKER_DIED'],
    ...Array.from({ length: 4 }, () => ['workerExit', null, 0, false, 'WORKER_DIED']),
  ])
  await expect(pool.run(sums([3, 3, 3]))).rejects.toMatchObject(error)
  expect(await readdir(faults)).toHaveLength(5)
})

test.each([
  ['SIGKILL', /^$/, 'It was killed, perhaps because the system ran out of memory: free memory.'],
  ['SIGSEGV', /^Fatal Python error: Segmentation fault\n[^]*$/, 'Create the predictor again.'],
] as const)(
  'a worker that dies of %s while it is idle is reported, with its last output',
  async (signal, output, advice) => {
    const events: PoolEvent[] = []
    await using pool = await poolOf(undefined, events)
    await pool.run(sums([1, 1, 1]))
    process.kill(pool.stats().workers[0]!.pid!, signal)
    await until(() => events.some(({ type }) => type === 'workerExit'))
    const [exit] = fromPool(events, 'workerExit')
    expect(exit).toMatchObject({ runs: 1, exitCode: null, signal, expected: false })
    const { code, shortMessage, message, details, report } = exit!.error!
    expect({ code, shortMessage, details }).toEqual({
      code: 'WORKER_DIED',
      shortMessage: `The worker died with ${signal} while it was idle.`,
      details: { signal, exitCode: null, output: expect.stringMatching(output) },
    })
    const written =
      details!.output === '' ? 'It wrote nothing.' : `Last lines of its output:\n${details!.output}`
    expect(message).toBe(
      `The worker died with ${signal} while it was idle (${nets.twoInTwoOut}/inference.pdmodel, oneDNN on). ${written}\n${advice}`,
    )
    // The folders below are redacted.
    const [beginning] = /^.*\n?.*/.exec(written)!
    expect(report).toContain(`It was doing: nothing\nIt ended: ${signal}\n${beginning}`)
    // It does not count as a failure with oneDNN.
    expect(yOf(await pool.run(sums([1, 1, 1])))).toEqual([2, 2, 2])
    expect(pool.info).toMatchObject({ oneDnn: true, oneDnnFailure: undefined })
  },
)

test('workers that are repeatedly killed while idle are not replaced for ever', async () => {
  const events: PoolEvent[] = []
  await using pool = await poolOf(undefined, events)
  const count = (type: PoolEvent['type']): number => events.filter((event) => event.type === type).length
  for (let deaths = 0; deaths < 5; deaths += 1) {
    await until(() => count('workerStart') > deaths && pool.stats().workers[0]!.pid !== undefined)
    process.kill(pool.stats().workers[0]!.pid!, 'SIGKILL')
    await until(() => count('workerExit') > deaths)
  }
  await expect(pool.run(sums([1, 1, 1]))).rejects.toMatchObject({
    code: 'POOL_FAILED',
    message: `5 workers of the pool of ${nets.twoInTwoOut}/inference.pdmodel ended in a row without completing a run. The last one: The worker died with SIGKILL while it was idle. It wrote nothing.
It was killed, perhaps because the system ran out of memory: free memory.
To find the cause, set \`onEvent\`, which reports why each worker ended. A run after ten seconds starts another worker.`,
    report: expect.stringContaining('It ended: SIGKILL'),
  })
  expect(count('workerStart')).toBe(5)
})

test('a model that dies with oneDNN runs without it: workers that start and end are reported', async () => {
  const events: PoolEvent[] = []
  const warnings: string[] = []
  await using pool = await PredictorPool.create({
    model: nets.twoInTwoOut,
    python: await faultyPython(pythons, 'with_one_dnn'),
    workers: 1,
    onEvent: (event) => events.push(event),
    onWarning: ({ code }) => warnings.push(code),
  })
  const before = pool.info.pid
  expect(yOf(await pool.run(sums([5, 5, 5])))).toEqual([6, 6, 6])
  expect(pool.info.oneDnn).toBe(false)
  expect(warnings).toEqual(['ONEDNN_DISABLED'])
  expect(told(events)).toEqual(['workerStart', 'workerStart', ['workerExit', 'SIGSEGV', 0, false, undefined]])
  expect(events.map(({ pid }) => pid)).toEqual([before, pool.info.pid, before])
})

test('a fallback worker that does not start is abandoned, and the run retried', async () => {
  const events: PoolEvent[] = []
  await using pool = await poolOf('stuck_without_one_dnn', events, { startTimeoutMs: 6000 })
  expect(yOf(await pool.run(sums([5, 5, 5])))).toEqual([6, 6, 6])
  expect(told(events)).toEqual([
    'workerStart',
    ['workerExit', 'SIGSEGV', 0, false, undefined],
    ['retry', 2, 2, 'WORKER_DIED'],
    'workerStart',
  ])
  expect(pool.info.oneDnn).toBe(true)
})

test('a pool can be closed while a worker restarts, and while one is recycled', async () => {
  const events: PoolEvent[] = []
  const pool = await poolOf(undefined, events)
  process.kill(pool.stats().workers[0]!.pid!, 'SIGKILL')
  await until(() => events.length > 1)
  expect(() => pool.retrieve(0)).toThrow(
    `Worker 0 of the pool of ${nets.twoInTwoOut}/inference.pdmodel has ended and is being restarted.\nTry again, or use run() of the pool.`,
  )
  const waiting = pool.run(sums([1, 1, 1]))
  await Promise.all([pool.close(), expect(waiting).rejects.toMatchObject({ code: 'PREDICTOR_CLOSED' })])

  const renewed = await poolOf(undefined, events, { maxRunsPerWorker: 1 })
  await renewed.run(sums([1, 1, 1]))
  expect(renewed.stats().recycled).toBe(1)
  await renewed.close()
})

test('runs that are aborted while they compute each end only their own worker', async () => {
  const events: PoolEvent[] = []
  await using pool = await PredictorPool.create({
    model: nets.heavy,
    workers: 1,
    onEvent: (event) => events.push(event),
  })
  const rows = { dtype: 'float32' as const, shape: [512, 1024] }
  // More than the workers that may end in a row before they begin a run.
  for (let run = 0; run < 7; run += 1) {
    const controller = new AbortController()
    const write = (): void => {
      setImmediate(() => {
        controller.abort()
      })
    }
    await expect(pool.run({ x: { ...rows, write } }, { signal: controller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    })
  }
  expect(await pool.run({ x: { ...rows, data: new Float32Array(512 * 1024) } })).toBeDefined()
  expect(pool.stats()).toMatchObject({ restarts: 7, done: 1, failed: 7 })
})

test('drain() ends with close(), also while there is no worker and none is starting', async () => {
  const events: PoolEvent[] = []
  const pool = await poolOf('from_the_second_on', events)
  process.kill(pool.stats().workers[0]!.pid!, 'SIGKILL')
  // Each start after the first failure waits longer.
  await until(() => events.filter(({ type }) => type === 'workerExit').length === 3)
  const waiting = pool.run(sums([1, 1, 1]))
  const drained = pool.drain()
  await Promise.all([pool.close(), expect(waiting).rejects.toMatchObject({ code: 'PREDICTOR_CLOSED' })])
  await drained
})

test('a start that times out is aborted and reported', async () => {
  await expect(
    PredictorPool.create({ model: nets.heavy, workers: 1, startTimeoutMs: 1 }),
  ).rejects.toMatchObject({
    code: 'TIMEOUT',
    message: 'The start of a worker took longer than 1 ms.\nRaise `startTimeoutMs`, or reduce the work.',
  })
})

describe('workers are recycled', () => {
  test('after maxRunsPerWorker runs, without delaying any run', async () => {
    const events: PoolEvent[] = []
    await using pool = await poolOf(undefined, events, { maxRunsPerWorker: 20 })
    const pids = new Set<number | undefined>()
    for (
      let run = 0;
      pool.stats().recycled < 3 || pool.stats().workers[0]?.pid === [...pids].at(-1);
      run += 1
    ) {
      pids.add(pool.stats().workers[0]!.pid)
      expect(pool.stats().workers[0]!.pid).toBeDefined()
      expect(yOf(await pool.run(sums([run, run, run])))).toEqual([run + 1, run + 1, run + 1])
    }
    await until(() => events.filter(({ type }) => type === 'workerExit').length === 3)
    expect(pool.stats()).toMatchObject({ recycled: 3, restarts: 0, retries: 0, failed: 0 })
    // A worker may still be ending when the next one has completed its runs.
    const order = events.map(({ type }) => type).filter((type) => type !== 'workerExit')
    const once = ['recycle', 'workerStart']
    expect(order).toEqual(['workerStart', ...once, ...once, ...once])
    const started = fromPool(events, 'workerStart')
    for (const [index, exit] of fromPool(events, 'workerExit').entries()) {
      expect(exit.pid).toBe(started[index]!.pid)
      expect(events.indexOf(exit)).toBeGreaterThan(events.indexOf(started[index + 1]!))
    }
    for (const event of events) {
      if (event.type === 'recycle') expect(event).toMatchObject({ reason: 'maxRunsPerWorker', runs: 20 })
      if (event.type === 'workerExit') expect(event).toMatchObject({ expected: true, error: undefined })
    }
  })

  test('when they exceed maxRssMb', async () => {
    await using first = await PredictorPool.create({ model: nets.grow, workers: 1 })
    const rssMb = first.stats().workers[0]!.rssBytes! / 2 ** 20
    await first.close()
    const events: PoolEvent[] = []
    const maxRssMb = Math.ceil(rssMb) + 100
    await using pool = await PredictorPool.create({
      model: nets.grow,
      workers: 1,
      maxRssMb,
      onEvent: (event) => events.push(event),
    })
    await pool.run({ x: tensor('float32', [1, 1], new Float32Array(1)) })
    expect(pool.stats().recycled).toBe(0)
    // 10 MiB in, 160 MiB out.
    const count = 10 * 2 ** 18
    await pool.run({ x: tensor('float32', [1, count], new Float32Array(count)) })
    expect(pool.stats().recycled).toBe(1)
    await until(() => events.some(({ type }) => type === 'workerExit'))
    const recycle = events.find((event) => event.type === 'recycle')
    expect(recycle).toMatchObject({ reason: 'maxRssMb', runs: 2 })
    expect(recycle!.rssBytes).toBeGreaterThan(maxRssMb * 2 ** 20)
    expect(pool.stats().workers[0]!.rssBytes).toBeLessThan(maxRssMb * 2 ** 20)

    await expect(PredictorPool.create({ model: nets.grow, workers: 1, maxRssMb: 10 })).rejects.toThrow(
      /^Expected more than the \d+ MiB that a worker uses after it starts for `maxRssMb`, got `10` \(number\)\.$/,
    )
  })
})
