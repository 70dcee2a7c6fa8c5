import { PaddleError } from '../../errors.js'
import type { Outputs } from '../../inference/index.js'
import { anyModelAdvice } from '../../model/index.js'
import type { ModelSignature } from '../image-input/image-batch.js'
import { vectorPorts, vectorsIn, type VectorPorts } from '../image-input/vector-network.js'

/**
 * Returns the ports of a model: its only input, a float32 [N,C,H,W], and its first output, [N,values].
 *
 * @throws PaddleError MODEL_UNSUITABLE
 */
export function embedderPorts(model: string, network: ModelSignature, planes: number): VectorPorts {
  const ports = vectorPorts(network, planes, 'values')
  if (typeof ports === 'string') throw unsuitable(model, ports)
  return ports
}

/**
 * Returns the vector of each image of a batch, divided by its Euclidean length as PaddleX's
 * `NormalizeFeatures` does: a vector of zeros becomes NaN.
 *
 * @param values - the length of the vectors so far; undefined for the first ones
 * @throws PaddleError MODEL_UNSUITABLE when the output is not what the program declares, or its length changes
 */
export function vectorsOf(
  model: string,
  name: string,
  outputs: Outputs,
  images: number,
  values: number | undefined,
): Float32Array[] {
  const vectors = vectorsIn(outputs, name, images, values ?? 'values')
  if (typeof vectors === 'string') throw unsuitable(model, vectors)
  return vectors.map(normalised)
}

/** @throws PaddleError MODEL_UNSUITABLE when vectors cannot be reduced to bytes */
export function checkBinarized(model: string, values: number): void {
  if (values % 8 === 0) return
  throw unsuitable(model, `its vectors have ${values} values, but Binarize requires a multiple of 8`)
}

function normalised(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return vector.map((value) => value / length)
}

function unsuitable(model: string, why: string): PaddleError {
  return new PaddleError('MODEL_UNSUITABLE', `${model} is not a feature model: ${why}.`, {
    advice: anyModelAdvice,
  })
}
