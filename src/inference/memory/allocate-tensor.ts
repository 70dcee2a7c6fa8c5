import type { TensorInfo } from '../../bridge/index.js'
import { checkDType, readShape, type DType } from '../../tensor/index.js'
import { unknownTensorError } from '../io/check-feeds.js'
import type { DeclaredInputs } from '../io/declared-inputs.js'
import type { AllocatedTensor, Arena } from './arena.js'

/** Allocates a tensor for an input after checking its dtype and shape against the program. */
export function allocateFor<D extends DType>(
  arena: Arena,
  inputs: readonly TensorInfo[],
  declaredInputs: DeclaredInputs,
  { name, shape, dtype }: { name: string; shape: readonly number[]; dtype: D | undefined },
): AllocatedTensor<D> {
  const input = inputs.find((info) => info.name === name)
  if (!input) throw unknownTensorError('input', name, inputs)
  const taken: unknown = dtype ?? input.dtype
  checkDType('dtype', taken)
  const dimensions = readShape('shape', shape)
  declaredInputs.checkShape(input, taken, dimensions)
  return arena.allocate(taken as D, dimensions)
}
