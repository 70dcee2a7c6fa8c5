import { PaddleError } from '../errors.js'
import { libc } from './libc.js'
import { withLimit } from './limits.js'

export const feedLess = 'Feed smaller batches, or free memory (in a container: raise its memory limit).'

/** The system's reason in brackets, with the limit that stands behind it. */
export function reasonOf(error: string): string {
  return ` (${withLimit(error, libc().getrlimit)})`
}

export function memoryFailed(message: string, cause?: unknown): PaddleError {
  return new PaddleError('SHARED_MEMORY_FAILED', message, { cause })
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}
