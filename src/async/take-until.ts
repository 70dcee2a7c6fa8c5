import { raceAbort } from './abort.js'

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
