import { setMaxListeners } from 'node:events'
import { abortedBy, checkNames, PaddleError, wrongType, wrongValue } from '../errors.js'
import { startTimer } from '../timer.js'
import type { WaitOptions } from './options.js'

/** Throws when the options of a wait cannot be used, or its signal has fired already. */
export function checkWait(options: WaitOptions, names: readonly string[], what: string): void {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw wrongType('options', 'an options object', options)
  }
  checkNames(options, names)
  const { signal, timeoutMs } = options
  checkSignal('signal', signal)
  if (timeoutMs !== undefined) {
    if (typeof timeoutMs !== 'number') throw wrongType('timeoutMs', 'a positive number', timeoutMs)
    if (!(timeoutMs > 0)) throw wrongValue('timeoutMs', 'a positive number', timeoutMs)
  }
  if (signal?.aborted) throw abortedBy(signal, what)
}

/** Throws unless it is left out or an AbortSignal. */
export function checkSignal(name: string, value: unknown): void {
  if (value !== undefined && !isAbortSignal(value)) throw wrongType(name, 'an AbortSignal', value)
}

function isAbortSignal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value
}

/** Calls `end` when the caller's signal fires; the returned function ends the listening. */
function onAbort(
  signal: AbortSignal | undefined,
  what: string,
  end: (error: PaddleError) => void,
): () => void {
  if (!signal) return () => undefined
  return listenTo(signal, () => {
    end(abortedBy(signal, what))
  })
}

/** Calls `listener` when the signal fires, at once where it has fired already; the returned function ends the listening. */
export function listenTo(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) {
    listener()
    return () => undefined
  }
  // Many waits on one signal are no leak.
  setMaxListeners(0, signal)
  signal.addEventListener('abort', listener, { once: true })
  return () => {
    signal.removeEventListener('abort', listener)
  }
}

/**
 * The result of `work`, or what `fired` gives or throws as soon as the signal fires. It races with a promise of its own each time: one for all
 * would keep every loser for as long as it lives.
 */
export async function orWhenFired<T, R>(
  work: Promise<T>,
  signal: AbortSignal,
  fired: () => R,
): Promise<T | R> {
  let forget = (): void => undefined
  const firing = new Promise<void>((resolve) => {
    forget = listenTo(signal, resolve)
  })
  try {
    return await Promise.race([work, firing.then(fired)])
  } finally {
    forget()
  }
}

/** The result of `work`, or the signal's reason as soon as it fires. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // Nobody waits for it any more once the signal has fired.
  work.catch(() => undefined)
  signal.throwIfAborted()
  return orWhenFired(work, signal, () => {
    throw signal.reason as Error
  })
}

/** The options that limit a time, and their flags. */
const timeFlags = { timeoutMs: '--timeout-ms', startTimeoutMs: '--start-timeout-ms' } as const
type TimeOption = keyof typeof timeFlags

/**
 * Calls `end` when the time is over; the returned function stops the clock.
 *
 * @param how.option - the option that the error names
 * @param how.afterMs - what is left of the time
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
  const timer = startTimer(afterMs, () => {
    end(
      new PaddleError(
        'TIMEOUT',
        `${what} took longer than ${timeoutMs} ms.\nRaise \`${option}\` (${timeFlags[option]}), or ask for less.`,
      ),
    )
  })
  return () => {
    timer.stop()
  }
}

/**
 * Runs `work` with a signal that fires at the caller's abort or at the end of the time; whatever `work` throws then is
 * reported as ABORTED or TIMEOUT.
 */
export async function withLimits<T>(
  { signal, timeoutMs }: WaitOptions,
  what: string,
  work: (stop: AbortSignal) => Promise<T>,
  option?: TimeOption,
): Promise<T> {
  const stop = new AbortController()
  const end = (error: PaddleError): void => {
    stop.abort(error)
  }
  const forget = [onAbort(signal, what, end), onTimeout(timeoutMs, what, end, { option })]
  try {
    stop.signal.throwIfAborted()
    return await work(stop.signal)
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error
  } finally {
    for (const each of forget) each()
  }
}

/** The result, or the signal's reason when it fires while `mayLeave`; what must not be left then is waited for. */
export async function untilGivenUp<T>(
  result: Promise<T>,
  stop: AbortSignal,
  mayLeave: () => boolean,
): Promise<T> {
  let leave = (): void => undefined
  const givenUp = new Promise<never>((_, reject) => {
    leave = () => {
      if (mayLeave()) reject(stop.reason as Error)
    }
    stop.addEventListener('abort', leave, { once: true })
  })
  // The one that comes second has nobody left to tell.
  result.catch(() => undefined)
  givenUp.catch(() => undefined)
  try {
    return await Promise.race([result, givenUp])
  } finally {
    stop.removeEventListener('abort', leave)
  }
}
