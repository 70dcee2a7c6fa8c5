import { errorCodes, PaddleError, type ErrorCode } from '../errors.js'
import type { WorkerFailure } from './protocol.js'

/** The worker's exception as ours: its own code where it gave one, else `fallback`, under `title`. */
export function fromWorker(failure: WorkerFailure, fallback: ErrorCode, title: string): PaddleError {
  const cause = new Error(failure.traceback.trimEnd())
  cause.name = failure.type
  const { code } = failure
  return code !== null && Object.hasOwn(errorCodes, code)
    ? new PaddleError(code as ErrorCode, failure.message, { cause })
    : new PaddleError(fallback, `${title}: ${failure.type}: ${failure.message}`, { cause })
}
