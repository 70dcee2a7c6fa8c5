import { PaddleError } from '../errors.js'

/** Ends work on the managed Python where the caller’s signal says so. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return
  throw new PaddleError('ABORTED', 'Making the managed Python was aborted by its signal.', {
    cause: signal.reason,
  })
}
