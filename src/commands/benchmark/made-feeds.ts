import type { Feed, Feeds, TensorInfo } from '../../inference/index.js'
import { elementCount, tensor, type DType } from '../../tensor/index.js'
import { batchedShape, checkBatch, type Shapes } from './shapes.js'

/**
 * Tensors for all inputs: floats from 0 to 1, the same in every call, and ones for integers, which are a valid index and a
 * valid length.
 *
 * @throws PaddleError MODEL_UNSUITABLE for a batch that the program does not take, DTYPE_UNSUPPORTED
 */
export function madeFeeds(inputs: readonly TensorInfo[], samples: Shapes, batchSize: number): Feeds {
  checkBatch(inputs, batchSize)
  return Object.fromEntries(
    inputs.map((input) => {
      const shape = batchedShape(input, samples.get(input.name) ?? [], batchSize)
      return [input.name, madeFeed(input.dtype, shape)]
    }),
  )
}

function madeFeed(dtype: string, shape: readonly number[]): Feed {
  const length = elementCount(shape)
  if (dtype === 'string') return Array.from({ length }, () => 'paddle')
  const element = dtype.includes('float') ? random(1) : () => 1
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
