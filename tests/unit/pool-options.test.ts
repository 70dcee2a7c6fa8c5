import { describe, expect, test } from '@jest/globals'
import { dividedCores, poolForm } from '../../src/inference/pool/pool-options.js'
import { Latencies } from '../../src/inference/pool/pool-stats.js'
import { renewalReason } from '../../src/inference/pool/pool-worker.js'
import { RestartBackoff } from '../../src/inference/pool/restart-backoff.js'
import { checkOptions } from '../../src/options/form.js'

describe('the cores are divided', () => {
  test.each([
    [undefined, undefined, 8, { workers: 8, cpuThreads: 1 }],
    ['auto', 'auto', 8, { workers: 8, cpuThreads: 1 }],
    ['auto', 3, 8, { workers: 2, cpuThreads: 3 }],
    ['auto', 16, 8, { workers: 1, cpuThreads: 16 }],
    [3, 'auto', 8, { workers: 3, cpuThreads: 2 }],
    [16, 'auto', 8, { workers: 16, cpuThreads: 1 }],
    [2, undefined, 8, { workers: 2, cpuThreads: 1 }],
    [4, 4, 2, { workers: 4, cpuThreads: 4 }],
  ] as const)('workers %s, cpuThreads %s on %i cores', (workers, cpuThreads, cores, expected) => {
    expect(dividedCores(workers, cpuThreads, cores)).toEqual(expected)
  })
})

test.each([
  [
    { workers: 0 },
    RangeError,
    'Expected an integer from 1 to 1024 or `auto` for `workers`, got `0` (number).',
  ],
  [
    { workers: 'all' as 'auto' },
    RangeError,
    'Expected an integer from 1 to 1024 or `auto` for `workers`, got `all` (string).',
  ],
  [{ maxQueue: -1 }, RangeError, 'Expected a non-negative integer for `maxQueue`, got `-1` (number).'],
  [
    { maxQueue: '9' as never },
    TypeError,
    'Expected a non-negative integer for `maxQueue`, got `9` (string).',
  ],
  [{ retries: -1 }, RangeError, 'Expected a non-negative integer for `retries`, got `-1` (number).'],
  [
    { retries: Infinity },
    RangeError,
    'Expected a non-negative integer for `retries`, got `Infinity` (number).',
  ],
  [{ startTimeoutMs: 0 }, RangeError, 'Expected a positive number for `startTimeoutMs`, got `0` (number).'],
  [
    { startTimeoutMs: '9' as never },
    TypeError,
    'Expected a positive number for `startTimeoutMs`, got `9` (string).',
  ],
  [{ maxRssMb: NaN }, RangeError, 'Expected a positive number for `maxRssMb`, got `NaN` (number).'],
  [
    { maxRunsPerWorker: 0 },
    RangeError,
    'Expected a positive integer for `maxRunsPerWorker`, got `0` (number).',
  ],
  [
    { maxRunsPerWorker: 1.5 },
    RangeError,
    'Expected a positive integer for `maxRunsPerWorker`, got `1.5` (number).',
  ],
  [{ onEvent: {} as never }, TypeError, 'Expected a function for `onEvent`, got an object (Object).'],
])('%j is refused', (options, kind, message) => {
  expect(() => {
    checkOptions(poolForm, options)
  }).toThrow(new kind(message))
})

test.each([
  {},
  { workers: 'auto' },
  { workers: 2, maxQueue: 0 },
  { maxQueue: Infinity, maxRunsPerWorker: Infinity, startTimeoutMs: Infinity, maxRssMb: Infinity },
  { retries: 0, startTimeoutMs: 0.5, maxRssMb: 1000, maxRunsPerWorker: 1, onEvent: () => undefined },
] as const)('%j passes', (options) => {
  expect(() => {
    checkOptions(poolForm, options)
  }).not.toThrow()
})

test('latencies are those of the last 1024, by the nearest rank', () => {
  const latencies = new Latencies()
  expect(latencies.percentiles()).toEqual({ p50: NaN, p95: NaN, p99: NaN })
  latencies.add(7)
  expect(latencies.percentiles()).toEqual({ p50: 7, p95: 7, p99: 7 })
  for (let value = 1000; value > 0; value -= 1) latencies.add(value)
  for (let value = 1; value <= 1024; value += 1) latencies.add(value)
  expect(latencies.percentiles()).toEqual({ p50: 512, p95: 973, p99: 1014 })
})

describe('another worker is started', () => {
  test('at once, then after longer and longer, and not after five that have not begun a run', () => {
    const backOff = new RestartBackoff()
    expect([1, 2, 3, 4, 5].map(() => backOff.failed(false, 1000))).toEqual([0, 100, 200, 400, undefined])
    expect(backOff.ended).toBe(5)
    expect(backOff.mayTry(10_999)).toBe(false)
    expect(backOff.mayTry(11_000)).toBe(true)
    // One that is asked for and fails too puts it off again.
    expect(backOff.failed(false, 11_000)).toBeUndefined()
    expect(backOff.mayTry(20_999)).toBe(false)
  })

  test('at once where the one before ended in a run, up to twenty times', () => {
    const backOff = new RestartBackoff()
    for (let death = 1; death < 20; death += 1) expect(backOff.failed(true, 0)).toBe(0)
    expect(backOff.failed(true, 0)).toBeUndefined()
  })

  test('as if nothing had been once a run is answered', () => {
    const backOff = new RestartBackoff()
    for (let death = 0; death < 4; death += 1) backOff.failed(false, 0)
    backOff.succeeded()
    expect(backOff.ended).toBe(0)
    expect(backOff.failed(false, 0)).toBe(0)
    expect(backOff.mayTry(0)).toBe(true)
  })
})

test('a worker is renewed by its runs, else by its memory', () => {
  const none = { maxRssMb: Infinity, maxRunsPerWorker: Infinity }
  const worker = (answered: number) => ({ pid: process.pid, answered, isStuck: false })
  expect(renewalReason(none, worker(1e9))).toBeUndefined()
  expect(renewalReason({ ...none, maxRunsPerWorker: 3 }, worker(2))).toBeUndefined()
  expect(renewalReason({ maxRssMb: 1, maxRunsPerWorker: 3 }, worker(3))).toEqual({
    reason: 'maxRunsPerWorker',
    rssBytes: expect.any(Number),
  })
  expect(renewalReason({ ...none, maxRssMb: 1 }, worker(1))).toEqual({
    reason: 'maxRssMb',
    rssBytes: expect.any(Number),
  })
  expect(renewalReason({ ...none, maxRssMb: 1e6 }, worker(1))).toBeUndefined()
  expect(renewalReason({ ...none, maxRssMb: 1 }, { ...worker(1), pid: undefined })).toBeUndefined()
  expect(renewalReason(none, { ...worker(0), isStuck: true })).toMatchObject({ reason: 'stuckWrites' })
})
