import { elementCount, tensor, type DType } from '../../tensor/index.js'
import type { Feed } from './feed-types.js'

/** Width and height of images where the program leaves them open. */
const imageSize = 224

/** A declared shape for a batch of one, images 224 × 224; -1 stays where nothing says how large a dimension is. */
export function sampleShape(declared: readonly number[]): number[] {
  const [, channels, ...sizes] = declared
  const isImage = sizes.length === 2 && (channels === 1 || channels === 3)
  return declared.map((size, index) => {
    if (size !== -1) return size
    if (index === 0) return 1
    return isImage ? imageSize : -1
  })
}

/**
 * A feed for an input: floats from 0 to 1, the same in every call, and ones for integers, which are a valid index and a valid length.
 *
 * @throws PaddleError DTYPE_UNSUPPORTED
 */
export function sampleFeed(dtype: string, shape: readonly number[]): Feed {
  const length = elementCount(shape)
  if (dtype === 'string') return Array.from({ length }, () => 'paddle')
  const element = dtype.includes('float') ? random(1) : () => 1
  if (dtype === 'float32') {
    // Of images, and so the only ones of which there may be many: a list of them takes ten times the memory.
    const data = new Float32Array(length)
    for (let index = 0; index < length; index += 1) data[index] = element()
    return tensor(dtype, shape, data)
  }
  // `tensor` checks what the program declares.
  return tensor(dtype as DType, shape, Array.from({ length }, element))
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
