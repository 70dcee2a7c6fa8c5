import { codeOf, type PaddleError } from '../../errors.js'

/** Whether a run has been lost with its worker, and may be tried again on another. */
export function isRetryable(error: unknown): error is PaddleError {
  return codeOf(error) === 'WORKER_DIED' || codeOf(error) === 'TIMEOUT'
}
