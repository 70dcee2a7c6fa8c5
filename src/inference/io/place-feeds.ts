import { aligned, markExposed, type Lane, type PlacedTensor } from '../../bridge/index.js'
import { checkDType, dtypes, elementCount, type TensorData } from '../../tensor/index.js'
import { callerTypeError } from '../../errors.js'
import type { CheckedFeed } from './feed-types.js'

/** The places of feeds in a region, and their pending writes. */
export interface Placed {
  readonly tensors: PlacedTensor[]
  readonly writing: readonly Promise<void>[]
}

/**
 * Writes the feeds one after another into a region, growing it as needed, and returns their places. Feeds in
 * the arena stay there.
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
      const view = viewOf(region.buffer, place)
      const written = feed.write(view)
      if (region.isShared) return written ?? []
      if (written)
        return written.then(() => {
          sendFeed(region, feed, view)
        })
      sendFeed(region, feed, view)
      return []
    } catch (error) {
      // Earlier feeds may still be writing; the caller must wait for them.
      return new Promise<void>(() => {
        throw error
      })
    }
  })
  return { tensors, writing }
}

/** Lets the worker see a feed that was written into memory that is not shared. */
function sendFeed(region: Lane['input'], { name, byteLength }: CheckedFeed, view: TensorData): void {
  if (view.byteLength < byteLength) {
    throw callerTypeError(
      `The \`write\` of feed \`${name}\` transferred its buffer: this runtime has no other memory for it.`,
    )
  }
  region.send(view)
}

/** Copies a tensor that the worker has written into a region. */
export function copyTensor(region: Lane['output'], place: PlacedTensor): TensorData {
  const view = viewOf(region.buffer, place)
  region.receive(view)
  return view.slice()
}

/** A view of the tensor's elements in a region. */
function viewOf(buffer: ArrayBuffer, { dtype, shape, offset }: PlacedTensor): TensorData {
  checkDType('dtype', dtype)
  const count = elementCount(shape)
  return new dtypes[dtype].array(count === 0 ? new ArrayBuffer(0) : buffer, count === 0 ? 0 : offset, count)
}
