import { PaddleError } from '../../errors.js'
import type { Outputs } from '../../inference/index.js'
import { describeTensors } from '../../tensor/index.js'
import { isImageInput, type ModelSignature } from '../image-input/image-batch.js'
import type { ScorePostProcess } from './predictions.js'

/** The input and the output of a model that classifies images. */
export interface ClassifierPorts {
  readonly input: string
  readonly output: string
  /** The number of classes, where the program declares it. */
  readonly classes?: number
}

/**
 * Returns the ports of a model: its only input, a float32 [N,C,H,W], and its first output, [N,classes].
 *
 * @throws PaddleError MODEL_UNSUITABLE
 */
export function classifierPorts(
  model: string,
  { inputs, outputs }: ModelSignature,
  planes: number,
): ClassifierPorts {
  const [input, ...others] = inputs
  const [output] = outputs
  if (!input || others.length > 0 || !isImageInput(input, planes)) {
    const needed = `one float32 [N,${planes},H,W] is needed`
    throw unsuitable(model, `its inputs are ${describeTensors(inputs)}, but ${needed}`)
  }
  if (output?.shape.length !== 2) {
    throw unsuitable(
      model,
      `its outputs are ${describeTensors(outputs)}, but a float32 [N,classes] is needed`,
    )
  }
  const classes = output.shape[1] ?? -1
  return { input: input.name, output: output.name, ...(classes > 0 && { classes }) }
}

/**
 * Returns the scores of each image of a batch.
 *
 * @throws PaddleError MODEL_UNSUITABLE when the output is not what the program declares
 */
export function scoresOf(model: string, name: string, outputs: Outputs, images: number): Float32Array[] {
  const output = outputs[name]
  const classes = output?.shape[1]
  if (output?.dtype !== 'float32' || output.shape.length !== 2 || output.shape[0] !== images || !classes) {
    const got = output ? `${output.dtype} [${output.shape.join(',')}]` : 'nothing'
    throw unsuitable(model, `its output \`${name}\` is ${got}, but a float32 [${images},classes] is needed`)
  }
  return Array.from({ length: images }, (_, index) =>
    output.data.subarray(index * classes, (index + 1) * classes),
  )
}

/**
 * @throws PaddleError MODEL_UNSUITABLE when a model with ThreshOutput has another number of classes than two
 */
export function checkPostProcess(model: string, { kind }: ScorePostProcess, classes: number): void {
  if (kind !== 'either' || classes === 2) return
  throw unsuitable(model, `it has ${classes} classes, but its configuration file requires two (ThreshOutput)`)
}

function unsuitable(model: string, why: string): PaddleError {
  return new PaddleError('MODEL_UNSUITABLE', `${model} is not an image classifier: ${why}.`, {
    advice:
      'Run it with `createPredictor`, which takes any model; a detector needs its infer_cfg.yml beside it.',
  })
}
