import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { IdleWaits } from '../../src/inference/idle-waits.js'
import { orWhenFired } from '../../src/inference/waiting.js'

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
})
afterEach(() => {
  jest.useRealTimers()
})

const never = (leave: AbortSignal): Promise<void> =>
  orWhenFired(new Promise<void>(() => undefined), leave, () => {
    throw leave.reason as Error
  })

test('the time of a wait passes while the worker is idle only, each time anew (by a clock of the test)', async () => {
  const waits = new IdleWaits()
  const done = waits.busy()
  const [outcome] = [waits.wait('Waiting', { stop: undefined, timeoutMs: 100 }, never)].map((wait) =>
    wait.catch((error: unknown) => (error as Error).message),
  )
  const state = { ended: false }
  void outcome?.then(() => {
    state.ended = true
  })
  jest.advanceTimersByTime(1000)
  const alsoDone = waits.busy()
  done()
  jest.advanceTimersByTime(1000)
  alsoDone()
  jest.advanceTimersByTime(99)
  const again = waits.busy()
  jest.advanceTimersByTime(1000)
  again()
  jest.advanceTimersByTime(99)
  await new Promise(setImmediate)
  expect(state.ended).toBe(false)
  jest.advanceTimersByTime(1)
  expect(await outcome).toBe(
    'Waiting took longer than 100 ms.\nRaise `timeoutMs` (--timeout-ms), or ask for less.',
  )
  expect(jest.getTimerCount()).toBe(0)
})

test('what has come leaves no timer and no listener', async () => {
  const waits = new IdleWaits()
  const stop = new AbortController()
  const limits = { stop: stop.signal, timeoutMs: 100 }
  expect(await waits.wait('Waiting', limits, () => Promise.resolve(7))).toBe(7)
  expect(jest.getTimerCount()).toBe(0)
  stop.abort(new Error('late'))
  waits.end(new Error('ended'))
})
