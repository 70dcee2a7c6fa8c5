import type { TensorInfo } from '../inference/index.js'

/** The inputs and outputs of a network, as its program declares them. */
export interface ModelSignature {
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
}

/** Whether images of so many planes can be fed there: float32 [N,C,H,W]. */
export function isImageInput({ dtype, shape }: TensorInfo, planes: number): boolean {
  return dtype === 'float32' && shape.length === 4 && (shape[1] === planes || shape[1] === -1)
}
