import { throwIfAborted } from '../errors.js'
import { checkOptions, type Filled, type Form, abortSignal, amount } from '../options/index.js'

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
