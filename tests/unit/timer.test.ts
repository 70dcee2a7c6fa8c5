import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { onTimeout, startTimer } from '../../src/async/index.js'
import { Batcher } from '../../src/inference/index.js'

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
})
afterEach(() => {
  jest.useRealTimers()
})

test.each([0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 5 * 2 ** 31])(
  'a timer of %d ms fires on time and not before (by a clock of the test)',
  (delayMs) => {
    const fired = jest.fn()
    startTimer(delayMs, fired)
    jest.advanceTimersByTime(Math.max(0, delayMs - 1))
    expect(fired).toHaveBeenCalledTimes(delayMs === 0 ? 1 : 0)
    jest.advanceTimersByTime(1)
    expect(fired).toHaveBeenCalledTimes(1)
    expect(jest.getTimerCount()).toBe(0)
  },
)

test('a timer of Infinity never fires, nor does a stopped one', () => {
  const fired = jest.fn()
  startTimer(Infinity, fired)
  expect(jest.getTimerCount()).toBe(0)
  const long = startTimer(2 ** 32, fired)
  jest.advanceTimersByTime(2 ** 31)
  long.stop()
  expect(jest.getTimerCount()).toBe(0)
  expect(fired).not.toHaveBeenCalled()
})

test('a timeout of more than 24 days does not fire at once (by a clock of the test)', () => {
  const ended = jest.fn()
  onTimeout(2 ** 31, 'The run', ended)
  jest.advanceTimersByTime(2 ** 31 - 1)
  expect(ended).not.toHaveBeenCalled()
  jest.advanceTimersByTime(1)
  expect(ended).toHaveBeenCalledTimes(1)
})

test.each([Infinity, 2 ** 31])(
  'an item waits %d ms for others, and its batch is filled (by a clock of the test)',
  async (maxDelayMs) => {
    const batches: (readonly number[])[] = []
    const batcher = new Batcher<number, number>({
      ...{ model: 'model', workers: 1, maxQueue: Infinity, kindOf: () => '' },
      run: (batch) => {
        batches.push(batch)
        const times = { writingMs: 0, inferenceMs: 0, postprocessMs: 0 }
        return Promise.resolve({ outcomes: batch.map((value) => ({ value })), times })
      },
    })
    const limits = { maxBatchSize: 2, maxDelayMs }
    const first = batcher.submit(1, limits)
    jest.advanceTimersByTime(1000)
    expect(batches).toEqual([])
    await Promise.all([first, batcher.submit(2, limits)])
    expect(batches).toEqual([[1, 2]])
    expect(jest.getTimerCount()).toBe(0)
  },
)
