import type { ModelBuffers } from '../model/index.js'
import { Region } from './region.js'

/** The model in memory that a process can inherit. */
export function memoryOf({ program, params }: ModelBuffers): Region {
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
