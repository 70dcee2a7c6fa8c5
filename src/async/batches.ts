import { raceAbort } from './abort.js'
import { startTimer } from './timer.js'

/** Items of a batch may be accompanied by so many others for each of them before the batch is sent unfilled. */
const companions = 4

/** How items are put together. */
export interface Grouping<T> {
  /** The most items in a batch of those that `counts`; the first one goes alone, so that the first answer comes soon. */
  readonly size: number
  readonly counts: (item: T) => boolean
  /** The longest time that the first item of a batch waits for others, in milliseconds. */
  readonly maxDelayMs: number
}

/**
 * Groups items into batches, each in the order of the items: up to `size` of those that `counts`, and whatever lies between them.
 * Items that do not count and stand at the beginning of a batch go on at once; a batch that nothing is added to in time goes on as
 * it is. `items` stays the caller's to return: it may be waiting for the next one.
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
            // A failure is told when what came before has gone on.
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
    // Nobody will ask for the one that is on its way.
    next.catch(() => undefined)
  }
}
