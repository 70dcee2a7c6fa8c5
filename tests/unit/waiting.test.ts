import { expect, test } from '@jest/globals'
import { rejectOnAbort, rejectOnAbortIf, withLimits } from '../../src/async/index.js'

test('nothing starts if the signal has already fired', async () => {
  let begun = false
  const work = (): Promise<void> => {
    begun = true
    return Promise.resolve()
  }
  await expect(withLimits({ signal: AbortSignal.abort() }, 'The work', work)).rejects.toMatchObject({
    code: 'ABORTED',
    message: 'The work was aborted by its signal.',
  })
  expect(begun).toBe(false)
})

test('an exception after the time limit is reported as the timeout', async () => {
  const work = (stop: AbortSignal): Promise<void> =>
    new Promise((_, reject) => {
      stop.addEventListener('abort', () => {
        reject(new Error('given up'))
      })
    })
  await expect(withLimits({ timeoutMs: 1 }, 'The work', work)).rejects.toMatchObject({
    code: 'TIMEOUT',
    message: 'The work took longer than 1 ms.\nRaise `timeoutMs`, or reduce the work.',
  })
})

test('many waits on one signal are not a leak, and leave no listener', async () => {
  const warnings: Error[] = []
  const warn = (warning: Error): void => {
    warnings.push(warning)
  }
  process.on('warning', warn)
  const controller = new AbortController()
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const waits = Array.from({ length: 50 }, () =>
    withLimits({ signal: controller.signal }, 'The work', () => ended),
  )
  await new Promise(setImmediate)
  end()
  await Promise.all(waits)
  process.off('warning', warn)
  expect(warnings).toEqual([])
})

test('uninterruptible work is abandoned when the signal fires, with its reason or as ABORTED', async () => {
  const controller = new AbortController()
  let fail: (error: Error) => void = () => undefined
  const work = new Promise<void>((_, reject) => {
    fail = reject
  })
  const plain = rejectOnAbort(work, controller.signal)
  const named = rejectOnAbort(work, controller.signal, 'Measuring')
  const reason = new Error('enough')
  controller.abort(reason)
  await expect(plain).rejects.toBe(reason)
  const aborted = { code: 'ABORTED', message: 'Measuring was aborted by its signal.', cause: reason }
  await expect(named).rejects.toMatchObject(aborted)
  await expect(rejectOnAbort(work, controller.signal, 'Measuring')).rejects.toMatchObject(aborted)
  // The late failure is not reported as unhandled.
  fail(new Error('late'))
  await new Promise(setImmediate)
})

test('work that must not be abandoned is awaited when the signal fires', async () => {
  const controller = new AbortController()
  let end: (value: number) => void = () => undefined
  const work = new Promise<number>((resolve) => {
    end = resolve
  })
  const held = rejectOnAbortIf(work, controller.signal, () => false)
  const left = rejectOnAbortIf(work, controller.signal, () => true)
  const reason = new Error('enough')
  controller.abort(reason)
  await expect(left).rejects.toBe(reason)
  end(7)
  expect(await held).toBe(7)
})
