import { abortedBy } from '../../errors.js'

/** Waits for work that cannot be interrupted, but no longer than until the signal. @throws PaddleError ABORTED, what the work throws */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal, what: string): Promise<T> {
  let abort: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      reject(abortedBy(signal, what))
    }
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    if (abort) signal.removeEventListener('abort', abort)
  }
}
