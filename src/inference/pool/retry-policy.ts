import { codeOf, type PaddleError } from '../../errors.js'

/** Whether the run was lost with its worker and may be retried on another one. */
export function isRetryable(error: unknown): error is PaddleError {
  return codeOf(error) === 'WORKER_DIED' || codeOf(error) === 'TIMEOUT'
}
