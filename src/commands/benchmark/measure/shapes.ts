import { PaddleError } from '../../../errors.js'
import { sampleShape, type TensorInfo } from '../../../inference/index.js'

/** Shapes by input name, for a batch of one. */
export type Shapes = ReadonlyMap<string, readonly number[]>

/**
 * The shapes of all inputs for a batch of one: the given ones, else those that the program declares, with
 * 224 × 224 for images.
 *
 * @throws PaddleError MODEL_UNSUITABLE if there is no input of a given name, or the size of a dimension is
 * unknown
 */
export function sampleShapes(inputs: readonly TensorInfo[], given: Shapes): Shapes {
  const unknown = [...given.keys()].find((name) => !inputs.some((input) => input.name === name))
  if (unknown !== undefined) {
    const names = inputs.map(({ name }) => name).join(', ') || 'none'
    throw new PaddleError('MODEL_UNSUITABLE', `The model has no input ${unknown}: its inputs are ${names}.`, {
      advice: 'Use one of them: --shape NAME=1,…',
    })
  }
  return new Map(inputs.map((input) => [input.name, given.get(input.name) ?? declaredShape(input)]))
}

function declaredShape(input: TensorInfo): number[] {
  const { name, dtype, shape } = input
  const full = sampleShape(input)
  const open = full.indexOf(-1)
  if (open === -1) return full
  const example = full.map((size) => (size === -1 ? 'SIZE' : size)).join(',')
  throw new PaddleError(
    'MODEL_UNSUITABLE',
    `Input ${name} is ${dtype} [${shape.join(',')}]: the size of its dimension ${open} is unknown.`,
    { advice: `Set its shape${shape[0] === -1 ? ' for a batch of one' : ''}: --shape ${name}=${example}` },
  )
}

/**
 * The shape of an input for a batch: multiplies the first dimension if the program leaves it open.
 */
export function batchedShape(
  { shape: declared }: TensorInfo,
  sample: readonly number[],
  batchSize: number,
): number[] {
  const [first, ...others] = sample
  if (first === undefined) return []
  return [declared[0] === -1 ? first * batchSize : first, ...others]
}

/** @throws PaddleError MODEL_UNSUITABLE if the program has another, fixed batch size */
export function checkBatch(inputs: readonly TensorInfo[], batchSize: number): void {
  if (inputs.some(({ shape }) => shape[0] === -1)) return
  const [first] = inputs
  const fixed = first?.shape[0] ?? 1
  if (batchSize === fixed) return
  const which = first ? `${first.name} is ${first.dtype} [${first.shape.join(',')}]` : 'it has no input'
  throw new PaddleError('MODEL_UNSUITABLE', `The program has a fixed batch size: ${which}.`, {
    advice: `Measure it with --batch-size ${fixed}.`,
  })
}
