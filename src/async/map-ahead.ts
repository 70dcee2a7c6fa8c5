import { rejectOnAbort } from './abort.js'

/**
 * Maps the items of `source` and yields the results in order. At most `ahead` of them are started and not yet
 * consumed.
 *
 * Items are pulled one at a time, only when there is room. When `signal` fires or the caller stops iterating,
 * no more items are pulled and the source's `return()` is called. It is not awaited while the source itself
 * is waiting for an item.
 */
export async function* mapAhead<T, R>(
  source: AsyncIterable<T> | Iterable<T>,
  ahead: number,
  map: (item: T) => Promise<R> | R,
  signal: AbortSignal,
): AsyncGenerator<R, void, undefined> {
  const iterator = iteratorOf(source)
  let pulled: Promise<IteratorResult<T, unknown> | undefined> = Promise.resolve(undefined)
  const state = { pulling: false, ended: false }

  const pull = async (): Promise<IteratorResult<T, unknown>> => {
    signal.throwIfAborted()
    state.pulling = true
    try {
      const item = await iterator.next()
      state.ended ||= item.done === true
      return item
    } catch (error) {
      state.ended = true
      throw error
    } finally {
      state.pulling = false
    }
  }
  const begin = (): Promise<{ value: R } | undefined> => {
    const item = pulled.then((last) => (last?.done ? last : pull()))
    pulled = item
    const result = item.then(async (next) => (next.done ? undefined : { value: await map(next.value) }))
    // A failure is reported in its turn, or never if the caller has stopped by then.
    result.catch(() => undefined)
    return result
  }

  const begun = Array.from({ length: ahead }, begin)
  try {
    for (let first = begun.shift(); first; first = begun.shift()) {
      const result = await rejectOnAbort(first, signal)
      if (!result) return
      begun.push(begin())
      yield result.value
    }
  } finally {
    const returned = state.ended ? undefined : Promise.resolve(iterator.return?.())
    if (state.pulling) returned?.catch(() => undefined)
    else await returned
  }
}

function iteratorOf<T>(
  source: AsyncIterable<T> | Iterable<T>,
): AsyncIterator<T, unknown> | Iterator<T, unknown> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
}
