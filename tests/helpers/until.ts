import { setTimeout as delay } from 'node:timers/promises'
import { rejectOnAbort } from '../../src/async/index.js'

const PATIENCE_MS = 60_000

/** Waits for an event that may never happen: fails after a minute, with what it waited for. */
export async function inTime<T>(work: Promise<T>, what: string | (() => string)): Promise<T> {
  const late = new AbortController()
  const timer = setTimeout(() => {
    const said = typeof what === 'string' ? what : what()
    late.abort(new Error(`Did not happen within a minute: ${said}`))
  }, PATIENCE_MS)
  try {
    return await rejectOnAbort(work, late.signal)
  } finally {
    clearTimeout(timer)
  }
}

/** Polls for states that raise no event here, such as those of other processes. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  let isLate = false
  const poll = async (): Promise<void> => {
    while (!isLate && !(await condition())) await delay(5)
  }
  try {
    await inTime(poll(), condition.toString())
  } finally {
    isLate = true
  }
}
