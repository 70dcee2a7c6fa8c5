import { setTimeout as delay } from 'node:timers/promises'
import { rejectOnAbort } from '../../src/async/index.js'

const PATIENCE_MS = 60_000

/** Waits for something that may never happen: after a minute this fails, and says what it waited for. */
export async function inTime<T>(work: Promise<T>, what: string | (() => string)): Promise<T> {
  const late = new AbortController()
  const timer = setTimeout(() => {
    const said = typeof what === 'string' ? what : what()
    late.abort(new Error(`It has not come about in a minute: ${said}`))
  }, PATIENCE_MS)
  try {
    return await rejectOnAbort(work, late.signal)
  } finally {
    clearTimeout(timer)
  }
}

/** Polls for what raises no event here, such as the state of other processes. */
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
