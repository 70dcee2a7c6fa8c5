import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { rejectOnAbort } from '../../src/async/index.js'
import { IdleClocks, IdleWaits } from '../../src/inference/memory/idle-timeouts.js'

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
})
afterEach(() => {
  jest.useRealTimers()
})

const never = (leave: AbortSignal): Promise<void> => rejectOnAbort(new Promise<void>(() => undefined), leave)

test.each([
  ['begins anew', false, 99],
  ['adds up', true, 39],
])(
  'the time of a wait passes only while the worker is idle, and %s (by a clock of the test)',
  async (_, addsUp, leftMs) => {
    const clocks = new IdleClocks()
    const done = clocks.busy()
    const waits = new IdleWaits(clocks)
    const outcome = waits
      .wait({ what: 'Waiting', addsUp }, { stop: undefined, timeoutMs: 100 }, never)
      .catch((error: unknown) => (error as Error).message)
    const state = { ended: false }
    void outcome.then(() => {
      state.ended = true
    })
    jest.advanceTimersByTime(1000)
    const alsoDone = clocks.busy()
    done()
    jest.advanceTimersByTime(1000)
    alsoDone()
    jest.advanceTimersByTime(60)
    const again = clocks.busy()
    jest.advanceTimersByTime(1000)
    again()
    jest.advanceTimersByTime(leftMs)
    await new Promise(setImmediate)
    expect(state.ended).toBe(false)
    jest.advanceTimersByTime(1)
    expect(await outcome).toBe('Waiting took longer than 100 ms.\nRaise `timeoutMs`, or reduce the work.')
    expect(jest.getTimerCount()).toBe(0)
  },
)

test('a settled wait leaves no timer and no listener', async () => {
  const waits = new IdleWaits(new IdleClocks())
  const stop = new AbortController()
  const limits = { stop: stop.signal, timeoutMs: 100 }
  const wait = { what: 'Waiting', addsUp: true }
  expect(await waits.wait(wait, limits, () => Promise.resolve(7))).toBe(7)
  expect(jest.getTimerCount()).toBe(0)
  stop.abort(new Error('late'))
  waits.end(new Error('ended'))
})
