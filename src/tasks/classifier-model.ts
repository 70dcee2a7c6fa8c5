import { PaddleError } from '../errors.js'
import type { Outputs, TensorInfo } from '../inference/index.js'

/** The input and the output of a model that classifies images. */
export interface ClassifierPorts {
  readonly input: string
  readonly output: string
  /** How many there are, where the program says it. */
  readonly classes?: number
}

interface Model {
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
}

/**
 * Finds them: one float32 input [N,3,H,W], and an output [N,classes], the first one.
 *
 * @throws PaddleError MODEL_UNSUITABLE
 */
export function classifierPorts(model: string, { inputs, outputs }: Model): ClassifierPorts {
  const [input, ...others] = inputs
  const [output] = outputs
  if (!input || others.length > 0 || !isImage(input)) {
    throw unsuitable(model, `its inputs are ${described(inputs)}, but one float32 [N,3,H,W] is needed`)
  }
  if (output?.shape.length !== 2) {
    throw unsuitable(model, `its outputs are ${described(outputs)}, but a float32 [N,classes] is needed`)
  }
  const classes = output.shape[1] ?? -1
  return { input: input.name, output: output.name, ...(classes > 0 && { classes }) }
}

/**
 * The scores of each image of a batch.
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

function isImage({ dtype, shape }: TensorInfo): boolean {
  return dtype === 'float32' && shape.length === 4 && (shape[1] === 3 || shape[1] === -1)
}

function described(infos: readonly TensorInfo[]): string {
  return (
    infos.map(({ name, dtype, shape }) => `\`${name}\` ${dtype} [${shape.join(',')}]`).join(', ') || 'none'
  )
}

function unsuitable(model: string, why: string): PaddleError {
  return new PaddleError(
    'MODEL_UNSUITABLE',
    `${model} is not an image classifier: ${why}.\nRun it with \`createPredictor\`, which takes any model.`,
  )
}
