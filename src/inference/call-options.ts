import { type Form, path } from '../options/index.js'
import { waitForm, type WaitOptions } from './wait-options.js'

/** What a call takes that starts a Python process of its own and ends it: 1 to 2 seconds. */
export interface CallOptions extends WaitOptions {
  /** The Python to use. @default `PADDLE_TS_PYTHON`, else the managed one */
  readonly python?: string | undefined
}

export const callForm = { python: path('the path of a Python'), ...waitForm } satisfies Form<CallOptions>
