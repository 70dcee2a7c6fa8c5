import { checkPath } from '../errors.js'
import type { WaitOptions } from './options.js'
import { checkWait } from './waiting.js'

/** What a call takes that starts a Python process of its own and ends it: 1 to 2 seconds. */
export interface CallOptions extends WaitOptions {
  /** The Python to use. @default `PADDLE_TS_PYTHON`, else the managed one */
  readonly python?: string | undefined
}

/** @param names What else may be there. */
export function checkCallOptions(options: CallOptions, what: string, names: readonly string[] = []): void {
  const all = [...names, 'python', 'signal', 'timeoutMs']
  checkWait(options, all, what)
  if (options.python !== undefined) checkPath('python', 'the path of a Python', options.python)
}
