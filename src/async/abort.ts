import { setMaxListeners } from 'node:events'
import { abortedBy } from '../errors.js'

/** Calls `listener` when the signal fires, at once where it has fired already; the returned function ends the listening. */
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
  // Many waits on one signal are no leak.
  setMaxListeners(0, signal)
  signal.addEventListener('abort', onAbort, { once: true })
  return () => {
    signal.removeEventListener('abort', onAbort)
  }
}

/**
 * The result of `work`, or what `onAbort` gives or throws as soon as the signal fires. It races with a promise of its own each time: one
 * for all would keep every loser for as long as it lives.
 */
export async function raceAbort<T, R>(
  work: Promise<T>,
  signal: AbortSignal,
  onAbort: () => R | Promise<R>,
): Promise<T | R> {
  let forget = (): void => undefined
  const aborted = new Promise<unknown>((resolve) => {
    forget = listenForAbort(signal, resolve)
  })
  try {
    return await Promise.race([work, aborted.then(onAbort)])
  } finally {
    forget()
  }
}

/** The result of `work`, or as soon as the signal fires its reason; with `what`, which begins the sentence, ABORTED. */
export async function rejectOnAbort<T>(work: Promise<T>, signal: AbortSignal, what?: string): Promise<T> {
  // Nobody waits for it any more once the signal has fired.
  work.catch(() => undefined)
  const fail = (): never => {
    throw what === undefined ? (signal.reason as Error) : abortedBy(signal, what)
  }
  return signal.aborted ? fail() : raceAbort(work, signal, fail)
}

/** The result, or the signal's reason when it fires while `mayLeave`; what must not be left then is waited for. */
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

/** The items up to the moment at which the signal fires; one that is being waited for then is not waited for any more. */
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
    // It may be waiting itself.
    items.return().catch(() => undefined)
  }
}
