import { abortedBy } from '../../errors.js'
import { orWhenFired } from '../../inference/waiting.js'

/** Waits for work that cannot be interrupted, but no longer than until the signal. @throws PaddleError ABORTED, what the work throws */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal, what: string): Promise<T> {
  return orWhenFired(work, signal, () => {
    throw abortedBy(signal, what)
  })
}
