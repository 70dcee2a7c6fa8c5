import { setMaxListeners } from 'node:events'
import { abortedBy } from '../errors.js'

/**
 * Calls `listener` when the signal fires, at once if it has already. The returned function removes the
 * listener.
 */
export function listenForAbort(
  signal: AbortSignal | undefined,
  listener: (signal: AbortSignal) => void,
): () => void {
  if (!signal) return () => undefined
  const onAbort = (): void => {
    listener(signal)
  }
  if (signal.aborted) {
    onAbort()
    return () => undefined
  }
  // Many listeners on one signal are not a leak.
  setMaxListeners(0, signal)
  signal.addEventListener('abort', onAbort, { once: true })
  return () => {
    signal.removeEventListener('abort', onAbort)
  }
}

/**
 * Returns the result of `work`, or that of `onAbort` as soon as the signal fires. Races with a new promise
 * each time: a shared one would keep every loser for as long as it exists.
 */
async function raceAbort<T, R>(
  work: Promise<T>,
  signal: AbortSignal,
  onAbort: () => R | Promise<R>,
): Promise<T | R> {
  let stopListening = (): void => undefined
  const aborted = new Promise<unknown>((resolve) => {
    stopListening = listenForAbort(signal, resolve)
  })
  try {
    return await Promise.race([work, aborted.then(onAbort)])
  } finally {
    stopListening()
  }
}

/**
 * Returns the result of `work`. Rejects as soon as the signal fires, with its reason or, given `what` (the
 * start of the message), with ABORTED.
 */
export async function rejectOnAbort<T>(work: Promise<T>, signal: AbortSignal, what?: string): Promise<T> {
  // The result is ignored once the signal has fired.
  work.catch(() => undefined)
  const fail = (): never => {
    throw what === undefined ? (signal.reason as Error) : abortedBy(signal, what)
  }
  return signal.aborted ? fail() : raceAbort(work, signal, fail)
}

/**
 * Returns the result, or rejects with the signal's reason if it fires while `mayLeave` allows; otherwise
 * waits for the result.
 */
export async function rejectOnAbortIf<T>(
  result: Promise<T>,
  stop: AbortSignal,
  mayLeave: () => boolean,
): Promise<T> {
  return raceAbort(result, stop, () => {
    if (mayLeave()) throw stop.reason as Error
    return result
  })
}

/** Yields items until the signal fires, and then stops waiting for the next one. */
export async function* takeUntil<T>(
  items: AsyncGenerator<T, void, undefined>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  try {
    while (!signal.aborted) {
      const item = await raceAbort(items.next(), signal, () => undefined)
      if (!item || item.done) return
      yield item.value
    }
  } finally {
    // Not awaited: the generator may itself be waiting.
    items.return().catch(() => undefined)
  }
}
