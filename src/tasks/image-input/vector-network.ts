import type { Outputs } from '../../inference/index.js'
import { describeTensors } from '../../tensor/index.js'
import { isImageInput, type ModelSignature } from './image-batch.js'

/** The input and the output of a network that returns one vector for each image: scores or features. */
export interface VectorPorts {
  readonly input: string
  readonly output: string
  /** The length of a vector, where the program declares it. */
  readonly length?: number
}

/**
 * Returns the only input, a float32 [N,C,H,W], and the first output, [N,length]; else the reason, as text.
 *
 * @param length - what a vector consists of, as the reason names it: `classes`
 */
export function vectorPorts(
  { inputs, outputs }: ModelSignature,
  planes: number,
  length: string,
): VectorPorts | string {
  const [input, ...others] = inputs
  const [output] = outputs
  if (!input || others.length > 0 || !isImageInput(input, planes)) {
    return `its inputs are ${describeTensors(inputs)}, but one float32 [N,${planes},H,W] is needed`
  }
  if (output?.shape.length !== 2) {
    return `its outputs are ${describeTensors(outputs)}, but a float32 [N,${length}] is needed`
  }
  const declared = output.shape[1] ?? -1
  return { input: input.name, output: output.name, ...(declared > 0 && { length: declared }) }
}

/**
 * Returns the vector of each image of a batch, as views of the output; else why the output is not what the
 * program declares, as text.
 *
 * @param length - the number of values that a vector must have, or what it consists of: `classes`
 */
export function vectorsIn(
  outputs: Outputs,
  name: string,
  images: number,
  length: number | string,
): Float32Array[] | string {
  const output = outputs[name]
  const found = output?.shape[1]
  const isVectors = output?.dtype === 'float32' && output.shape.length === 2 && output.shape[0] === images
  if (!isVectors || !found || (typeof length === 'number' && found !== length)) {
    const got = output ? `${output.dtype} [${output.shape.join(',')}]` : 'nothing'
    return `its output \`${name}\` is ${got}, but a float32 [${images},${length}] is needed`
  }
  return Array.from({ length: images }, (_, index) =>
    output.data.subarray(index * found, (index + 1) * found),
  )
}
