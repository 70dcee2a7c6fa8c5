import { raceAbort } from './abort.js'
import { startTimer } from './timer.js'

/** For each counted item, a batch may contain this many others before it is sent unfilled. */
const companions = 4

/** How to group items. */
export interface Grouping<T> {
  /**
   * The most items in a batch among those that `counts`. The first of them goes alone, so that the first
   * result arrives soon.
   */
  readonly size: number
  readonly counts: (item: T) => boolean
  /** How long the first item of a batch waits for others, in milliseconds. */
  readonly maxDelayMs: number
}

/**
 * Groups items into batches, in their order: up to `size` items that `counts`, and the others between them. A
 * batch that begins with an item that does not count is sent at once; an incomplete batch is sent after
 * `maxDelayMs`. The caller must call `items.return()`: the generator may be waiting for the next item.
 */
export async function* inBatches<T>(
  items: AsyncGenerator<T, void, undefined>,
  { size, counts, maxDelayMs }: Grouping<T>,
): AsyncGenerator<T[], void, undefined> {
  let next = items.next()
  let room = 1
  try {
    for (;;) {
      const first = await next
      if (first.done) return
      const batch = [first.value]
      next = items.next()
      if (counts(first.value)) {
        const late = new AbortController()
        const timer = startTimer(maxDelayMs, () => {
          late.abort()
        })
        try {
          let counted = 1
          while (counted < room && batch.length < companions * size) {
            // A failure is reported after the items before it have been sent.
            const item = await raceAbort(next, late.signal, () => undefined).catch(() => undefined)
            if (item === undefined || item.done) break
            batch.push(item.value)
            if (counts(item.value)) counted += 1
            next = items.next()
          }
        } finally {
          timer.stop()
        }
        room = size
      }
      yield batch
    }
  } finally {
    // The pending item is discarded.
    next.catch(() => undefined)
  }
}
