import { sampleFeed, type Feeds, type TensorInfo } from '../../inference/index.js'
import { batchedShape, checkBatch, type Shapes } from './shapes.js'

/**
 * Tensors for all inputs: floats from 0 to 1, the same in every call, and ones for integers.
 *
 * @throws PaddleError MODEL_UNSUITABLE for a batch that the program does not take, DTYPE_UNSUPPORTED
 */
export function sampleFeeds(inputs: readonly TensorInfo[], samples: Shapes, batchSize: number): Feeds {
  checkBatch(inputs, batchSize)
  return Object.fromEntries(
    inputs.map((input) => {
      const shape = batchedShape(input, samples.get(input.name) ?? [], batchSize)
      return [input.name, sampleFeed(input.dtype, shape)]
    }),
  )
}
