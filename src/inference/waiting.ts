import { PaddleError, wrongType, wrongValue } from '../errors.js'
import type { WaitOptions } from './options.js'

/** Throws when the options of a wait cannot be used, or its signal has fired already. */
export function checkWait({ signal, timeoutMs }: WaitOptions, what: string): void {
  if (signal !== undefined && !('aborted' in signal && 'addEventListener' in signal)) {
    throw wrongType('signal', 'an AbortSignal', signal)
  }
  if (timeoutMs !== undefined) {
    if (typeof timeoutMs !== 'number') throw wrongType('timeoutMs', 'a positive number', timeoutMs)
    if (!(timeoutMs > 0)) throw wrongValue('timeoutMs', 'a positive number', timeoutMs)
  }
  if (signal?.aborted) throw aborted(what, signal)
}

/** The longest delay that a timer of Node takes; longer ones would fire at once. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * Runs `work` with a signal that fires at the caller's abort or at the end of the time; whatever `work` throws then is
 * reported as ABORTED or TIMEOUT.
 */
export async function withLimits<T>(
  { signal, timeoutMs }: WaitOptions,
  what: string,
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController()
  let reason: PaddleError | undefined
  const end = (error: PaddleError): void => {
    reason ??= error
    stop.abort(reason)
  }
  const onAbort = (): void => {
    if (signal) end(aborted(what, signal))
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  const timer =
    timeoutMs === undefined || timeoutMs > LONGEST_MS
      ? undefined
      : setTimeout(() => {
          end(new PaddleError('TIMEOUT', `${what} took longer than ${timeoutMs} ms.`))
        }, timeoutMs)
  try {
    return await work(stop.signal)
  } catch (error) {
    throw reason ?? error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

function aborted(what: string, signal: AbortSignal): PaddleError {
  return new PaddleError('ABORTED', `${what} was aborted by its signal.`, { cause: signal.reason })
}
