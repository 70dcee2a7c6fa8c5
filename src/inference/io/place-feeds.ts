import { aligned, markExposed, type Lane, type PlacedTensor } from '../../bridge/index.js'
import { checkDType, dtypes, elementCount, type TensorData } from '../../tensor/index.js'
import type { CheckedFeed } from './feed-types.js'

/** Where feeds lie, and the writing of those that is not done yet. */
export interface Placed {
  readonly tensors: PlacedTensor[]
  readonly writing: readonly Promise<void>[]
}

/**
 * Writes the feeds one behind the other into a region, which grows as it must, and tells where they lie. Those in the arena stay where
 * they are.
 */
export function placeFeeds(feeds: readonly CheckedFeed[], region: Lane['input']): Placed {
  let bytes = 0
  const tensors = feeds.map((feed): PlacedTensor => {
    const { name, dtype, shape, lod, arenaOffset, strings } = feed
    const described = { name, dtype, shape, ...(lod === undefined ? {} : { lod }) }
    if (strings) return { ...described, offset: 0, strings }
    if (arenaOffset !== undefined) return { ...described, offset: arenaOffset, arena: true }
    const offset = bytes
    bytes = aligned(offset + feed.byteLength)
    return { ...described, offset }
  })
  region.grow(bytes)
  const writing = feeds.flatMap((feed, index) => {
    const place = tensors[index]
    if (!place || place.strings || place.arena) return []
    if (feed.isCallers) markExposed(region.buffer)
    try {
      return feed.write(viewOf(region.buffer, place)) ?? []
    } catch (error) {
      // Those before it may have begun to write, and have to be waited for.
      return new Promise<void>(() => {
        throw error
      })
    }
  })
  return { tensors, writing }
}

/** The tensor's elements where they lie in a region. */
export function viewOf(buffer: ArrayBuffer, { dtype, shape, offset }: PlacedTensor): TensorData {
  checkDType('dtype', dtype)
  const count = elementCount(shape)
  return new dtypes[dtype].array(count === 0 ? new ArrayBuffer(0) : buffer, count === 0 ? 0 : offset, count)
}
