import { describe, expect, test } from '@jest/globals'
import { checkPoolOptions, dividedCores } from '../../src/inference/pool/pool-options.js'
import { Latencies } from '../../src/inference/pool/stats.js'

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
  [{ workers: 0 }, RangeError, 'Expected a positive integer or `auto` for `workers`, got `0` (number).'],
  [
    { workers: 'all' as 'auto' },
    TypeError,
    'Expected a positive integer or `auto` for `workers`, got `all` (string).',
  ],
  [{ maxQueue: -1 }, RangeError, 'Expected a non-negative integer for `maxQueue`, got `-1` (number).'],
  [
    { maxQueue: '9' as never },
    TypeError,
    'Expected a non-negative integer for `maxQueue`, got `9` (string).',
  ],
])('%j is refused', (options, kind, message) => {
  expect(() => {
    checkPoolOptions(options)
  }).toThrow(new kind(message))
})

test.each([{}, { workers: 'auto' }, { workers: 2, maxQueue: 0 }, { maxQueue: Infinity }] as const)(
  '%j passes',
  (options) => {
    expect(() => {
      checkPoolOptions(options)
    }).not.toThrow()
  },
)

test('latencies are those of the last 1024, by the nearest rank', () => {
  const latencies = new Latencies()
  expect(latencies.percentiles()).toEqual({ p50: NaN, p95: NaN, p99: NaN })
  latencies.add(7)
  expect(latencies.percentiles()).toEqual({ p50: 7, p95: 7, p99: 7 })
  for (let value = 1000; value > 0; value -= 1) latencies.add(value)
  for (let value = 1; value <= 1024; value += 1) latencies.add(value)
  expect(latencies.percentiles()).toEqual({ p50: 512, p95: 973, p99: 1014 })
})
