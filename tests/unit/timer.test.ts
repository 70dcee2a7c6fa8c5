import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { inBatches, onTimeout, startTimer } from '../../src/async/index.js'

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
})
afterEach(() => {
  jest.useRealTimers()
})

/** Waits for everything that does not depend on a clock. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done))
}

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
  'a batch waits %d ms for others and is filled (by a clock of the test)',
  async (maxDelayMs) => {
    let give = (): void => undefined
    async function* items() {
      yield 1
      yield 2
      await new Promise<void>((resolve) => (give = resolve))
      yield 3
    }
    const batches = inBatches(items(), { size: 2, counts: () => true, maxDelayMs })
    expect((await batches.next()).value).toEqual([1])
    const second = batches.next()
    await settle()
    jest.advanceTimersByTime(1000)
    await settle()
    give()
    expect((await second).value).toEqual([2, 3])
    await batches.return()
    expect(jest.getTimerCount()).toBe(0)
  },
)
