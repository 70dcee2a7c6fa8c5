import type { ModelBuffers } from '../model/index.js'
import type { CreateRequest } from './protocol.js'
import { Region } from './region.js'

/** The model in memory that a process can inherit. */
export function copyModelToRegion({ program, params }: ModelBuffers): Region {
  const region = new Region()
  try {
    region.grow(program.byteLength + (params?.byteLength ?? 0))
    const bytes = new Uint8Array(region.buffer)
    bytes.set(program)
    if (params) bytes.set(params, program.byteLength)
    return region
  } catch (error) {
    region.close()
    throw error
  }
}

/** A model in the memory that a worker has inherited as this descriptor. */
export function modelInMemory(
  buffers: ModelBuffers | undefined,
  descriptor: number | undefined,
): CreateRequest['memory'] {
  if (!buffers || descriptor === undefined) return null
  const { program, params } = buffers
  return { descriptor, programBytes: program.byteLength, paramsBytes: params?.byteLength ?? 0 }
}
