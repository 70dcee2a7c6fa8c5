import { PaddleError } from '../../errors.js'
import type { Outputs } from '../../inference/index.js'
import { describeTensors } from '../../tensor/index.js'
import { isImageInput, type ModelSignature } from '../image-input/image-batch.js'

/** The input and the output of a feature model. */
export interface EmbedderPorts {
  readonly input: string
  readonly output: string
}

/**
 * Returns the ports of a model: its only input, a float32 [N,C,H,W], and its first output, [N,values].
 *
 * @throws PaddleError MODEL_UNSUITABLE
 */
export function embedderPorts(
  model: string,
  { inputs, outputs }: ModelSignature,
  planes: number,
): EmbedderPorts {
  const [input, ...others] = inputs
  const [output] = outputs
  if (!input || others.length > 0 || !isImageInput(input, planes)) {
    const needed = `one float32 [N,${planes},H,W] is needed`
    throw unsuitable(model, `its inputs are ${describeTensors(inputs)}, but ${needed}`)
  }
  if (output?.shape.length !== 2) {
    throw unsuitable(model, `its outputs are ${describeTensors(outputs)}, but a float32 [N,values] is needed`)
  }
  return { input: input.name, output: output.name }
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
  const output = outputs[name]
  const length = output?.shape[1]
  if (
    output?.dtype !== 'float32' ||
    output.shape.length !== 2 ||
    output.shape[0] !== images ||
    !length ||
    length !== (values ?? length)
  ) {
    const got = output ? `${output.dtype} [${output.shape.join(',')}]` : 'nothing'
    throw unsuitable(
      model,
      `its output \`${name}\` is ${got}, but a float32 [${images},${values ?? 'values'}] is needed`,
    )
  }
  return Array.from({ length: images }, (_, index) =>
    normalised(output.data.subarray(index * length, (index + 1) * length)),
  )
}

function normalised(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return vector.map((value) => value / length)
}

function unsuitable(model: string, why: string): PaddleError {
  return new PaddleError('MODEL_UNSUITABLE', `${model} is not a feature model: ${why}.`, {
    advice: 'Run it with `createPredictor` or `Pipeline`, which take any model.',
  })
}
