import { throwIfAborted } from '../../errors.js'
import { abortSignal, amount, checkOptions, path, type Filled, type Form } from '../../options/index.js'

/** What every wait takes. */
export interface WaitOptions {
  /** Ends the work: it is rejected with ABORTED. */
  readonly signal?: AbortSignal | undefined
  /** The longest time to take, in milliseconds; then it is rejected with TIMEOUT. @default none */
  readonly timeoutMs?: number | undefined
}

export const waitForm = { signal: abortSignal, timeoutMs: amount } satisfies Form<WaitOptions>

/** The options of a wait, checked and filled in. @throws PaddleError ABORTED when the signal has fired already */
export function checkWait<Known extends typeof waitForm>(
  form: Known,
  options: WaitOptions,
  what: string,
): Filled<Known> {
  const filled = checkOptions(form, options)
  throwIfAborted(options.signal, what)
  return filled
}

/** What a call takes that starts a Python process of its own and ends it: 1 to 2 seconds. */
export interface CallOptions extends WaitOptions {
  /** The Python to use. @default `PADDLE_TS_PYTHON`, else the managed one */
  readonly python?: string | undefined
}

export const callForm = { python: path('the path of a Python'), ...waitForm } satisfies Form<CallOptions>
