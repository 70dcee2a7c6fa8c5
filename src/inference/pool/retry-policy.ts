import { codeOf, type PaddleError } from '../../errors.js'

/** Whether the run was lost with its worker and may be retried on another one. */
export function isRetryable(error: unknown): error is PaddleError {
  return codeOf(error) === 'WORKER_DIED' || codeOf(error) === 'TIMEOUT'
}

/** A run that has failed. */
interface FailedRun {
  /** How often it was tried. */
  readonly tries: number
  /** How often it may be retried. */
  readonly retries: number
  /** Whether a worker began to compute it in the last try. */
  readonly hasBegun: boolean
}

/** Whether a pool runs it again. */
export function mayRetry(error: unknown, { tries, retries, hasBegun }: FailedRun): error is PaddleError {
  // Its worker was ended because another run timed out or was aborted.
  if (codeOf(error) === 'PREDICTOR_CLOSED') return true
  // A timeout before the run begins is a slow feed `write`, which another worker does not change.
  if (!hasBegun && codeOf(error) === 'TIMEOUT') return false
  return isRetryable(error) && tries <= retries
}
