import { throwIfAborted } from '../../errors.js'
import { abortSignal, amount, checkOptions, path, type Filled, type Form } from '../../options/index.js'

/** Options of every call that waits. */
export interface WaitOptions {
  /** Aborts the call, which rejects with ABORTED. */
  readonly signal?: AbortSignal | undefined
  /** The maximum time in milliseconds; then the call rejects with TIMEOUT. @default none */
  readonly timeoutMs?: number | undefined
}

export const waitForm = { signal: abortSignal, timeoutMs: amount } satisfies Form<WaitOptions>

/** Checks wait options and applies defaults. @throws PaddleError ABORTED if the signal is already aborted */
export function checkWait<Known extends typeof waitForm>(
  form: Known,
  options: WaitOptions,
  what: string,
): Filled<Known> {
  const filled = checkOptions(form, options)
  throwIfAborted(options.signal, what)
  return filled
}

/** Options of a one-shot call, which runs in its own Python process and takes 1 to 2 seconds. */
export interface CallOptions extends WaitOptions {
  /** The Python to use. @default `PADDLE_TS_PYTHON`, else the managed one */
  readonly python?: string | undefined
}

export const callForm = { python: path('the path of a Python'), ...waitForm } satisfies Form<CallOptions>
