import type { TensorInfo } from '../bridge/index.js'
import { count, list, text, type Form } from '../options/index.js'
import { unknownTensorError } from './io/check-feeds.js'
import { checkWait, waitForm, type WaitOptions } from './options/call-options.js'

/** What `run` takes beside the feeds. */
export interface RunOptions extends WaitOptions {
  /** The names of the outputs to read; the others stay where they are. @default all */
  readonly fetch?: readonly string[] | undefined
}

/** What `run` of a pool takes beside the feeds; `timeoutMs` limits each try. */
export interface PoolRunOptions extends RunOptions {
  /** How often it is tried again when its worker dies, or takes longer than `timeoutMs`. @default those of the pool */
  readonly retries?: number | undefined
}

const runForm = { ...waitForm, fetch: list(text, 'an array of names of outputs') } satisfies Form<RunOptions>
const poolRunForm = { ...runForm, retries: count(0) } satisfies Form<PoolRunOptions>

/** @throws as `checkRunOptions` */
export function checkPoolRunOptions(options: PoolRunOptions, outputs: readonly TensorInfo[]): void {
  checkRunOptions(options, outputs, poolRunForm)
}

/** @throws TypeError or RangeError; PaddleError ABORTED when the signal has fired already */
export function checkRunOptions(
  options: RunOptions,
  outputs: readonly TensorInfo[],
  form: typeof runForm = runForm,
): void {
  for (const name of checkWait(form, options, 'The run').fetch ?? []) {
    if (!outputs.some((output) => output.name === name)) throw unknownTensorError('output', name, outputs)
  }
}
