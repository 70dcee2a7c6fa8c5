import { abortedBy, PaddleError } from '../errors.js'
import { wording } from '../wording.js'
import { listenForAbort } from './abort.js'
import { startTimer } from './timer.js'

/** The options that set a time limit. */
type TimeOption = 'timeoutMs' | 'startTimeoutMs'

/**
 * Calls `end` when the time is up. The returned function cancels the timer.
 *
 * @param how.option - the option to name in the error
 * @param how.afterMs - the remaining time
 */
export function onTimeout(
  timeoutMs: number | undefined,
  what: string,
  end: (error: PaddleError) => void,
  {
    option = 'timeoutMs',
    afterMs = timeoutMs,
  }: { option?: TimeOption | undefined; afterMs?: number | undefined } = {},
): () => void {
  if (timeoutMs === undefined || afterMs === undefined) return () => undefined
  return startTimer(afterMs, () => {
    end(
      new PaddleError('TIMEOUT', `${what} took longer than ${timeoutMs} ms.`, {
        advice: wording`Raise ${{ option }}, or reduce the work.`,
      }),
    )
  }).stop
}

/**
 * Runs `work` with a signal that fires when the caller aborts or the time is up. Anything that `work` throws
 * after that is reported as ABORTED or TIMEOUT.
 */
export async function withLimits<T>(
  {
    signal,
    timeoutMs,
  }: { readonly signal?: AbortSignal | undefined; readonly timeoutMs?: number | undefined },
  what: string,
  work: (stop: AbortSignal) => Promise<T>,
  option?: TimeOption,
): Promise<T> {
  const stop = new AbortController()
  const end = (error: PaddleError): void => {
    stop.abort(error)
  }
  const onAbort = (fired: AbortSignal): void => {
    end(abortedBy(fired, what))
  }
  const cleanups = [listenForAbort(signal, onAbort), onTimeout(timeoutMs, what, end, { option })]
  try {
    stop.signal.throwIfAborted()
    return await work(stop.signal)
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error
  } finally {
    for (const cleanUp of cleanups) cleanUp()
  }
}
