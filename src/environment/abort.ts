import { abortedBy } from '../errors.js'

/** Ends work on the managed Python where the caller’s signal says so. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortedBy(signal, 'Making the managed Python')
}
