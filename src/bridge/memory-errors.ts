import { PaddleError } from '../errors.js'
import { libc } from './libc.js'
import { describeErrno } from './limits.js'

export const smallerBatchAdvice =
  'Feed smaller batches, or free memory (in a container: raise its memory limit).'

/** The system's reason in brackets, with the limit that stands behind it. */
export function errnoSuffix(error: string): string {
  return ` (${describeErrno(error, libc().getrlimit)})`
}

export function sharedMemoryError(message: string, cause?: unknown): PaddleError {
  return new PaddleError('SHARED_MEMORY_FAILED', message, { cause })
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}
