import { expect, test } from '@jest/globals'
import { withLimits } from '../../src/inference/waiting.js'

test('nothing is begun when the signal has fired already', async () => {
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

test('what work throws after the end of its time is the end of its time', async () => {
  const work = (stop: AbortSignal): Promise<void> =>
    new Promise((_, reject) => {
      stop.addEventListener('abort', () => {
        reject(new Error('given up'))
      })
    })
  await expect(withLimits({ timeoutMs: 1 }, 'The work', work)).rejects.toMatchObject({
    code: 'TIMEOUT',
    message: 'The work took longer than 1 ms.\nRaise `timeoutMs` (--timeout-ms), or ask for less.',
  })
})

test('many waits on one signal are no leak, and none is left', async () => {
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
