import type { Lane, PlacedTensor, RunReply, TensorInfo } from '../../bridge/index.js'
import { PaddleError } from '../../errors.js'
import { isDType, type Tensor } from '../../tensor/index.js'
import { copyTensor } from './place-feeds.js'

/** Tensors by output name. */
export type Outputs = Record<string, Tensor>

/**
 * Copies a run's outputs out of the memory that the next run overwrites.
 *
 * @throws PaddleError OUTPUT_UNSUPPORTED
 */
export function copyOutputs(region: Lane['output'], reply: RunReply): Outputs {
  return Object.fromEntries(reply.outputs.map((output) => [output.name, copyOut(region, output)]))
}

function copyOut(region: Lane['output'], output: PlacedTensor): Tensor {
  const { name, dtype, shape, lod } = output
  if (!isDType(dtype)) {
    throw new PaddleError(
      'OUTPUT_UNSUPPORTED',
      `Output \`${name}\` is ${dtype}, which paddle-ts does not support.`,
      { advice: 'Export the network with a cast of this output to float32.' },
    )
  }
  const data = copyTensor(region, output)
  // The reply to the next run may be the same object.
  return { dtype, shape: [...shape], data, ...(lod ? { lod: structuredClone(lod) } : {}) } as Tensor
}

/**
 * Adds what was fed to the error of a run that failed or ended its worker: paddle's message names operators inside
 * the network, but the caller only knows its inputs.
 */
export function withFeeds(
  error: PaddleError,
  feeds: readonly PlacedTensor[],
  inputs: readonly TensorInfo[],
): PaddleError {
  const fed = feeds.map(({ name, dtype, shape, lod }) => {
    const declared = inputs.find((input) => input.name === name)?.shape ?? []
    return { name, dtype, shape, declared, ...(lod && { lod }) }
  })
  return error.with({ details: { fed } })
}
