import type { TensorInfo } from '../bridge/index.js'
import { count, list, text, type Form } from '../options/index.js'
import { unknownTensorError } from './io/check-feeds.js'
import { checkWait, waitForm, type WaitOptions } from './options/call-options.js'

/** Options of `run`. */
export interface RunOptions extends WaitOptions {
  /** The names of the outputs to return. @default all */
  readonly fetch?: readonly string[] | undefined
}

/** Options of a pool's `run`; `timeoutMs` limits each attempt. */
export interface PoolRunOptions extends RunOptions {
  /** How often the run is retried if its worker dies or exceeds `timeoutMs`. @default the pool's `retries` */
  readonly retries?: number | undefined
}

const runForm = { ...waitForm, fetch: list(text, 'an array of names of outputs') } satisfies Form<RunOptions>
const poolRunForm = { ...runForm, retries: count(0) } satisfies Form<PoolRunOptions>

/** @throws as `checkRunOptions` */
export function checkPoolRunOptions(options: PoolRunOptions, outputs: readonly TensorInfo[]): void {
  checkRunOptions(options, outputs, poolRunForm)
}

/** @throws TypeError or RangeError; PaddleError ABORTED if the signal is already aborted */
export function checkRunOptions(
  options: RunOptions,
  outputs: readonly TensorInfo[],
  form: typeof runForm = runForm,
): void {
  for (const name of checkWait(form, options, 'The run').fetch ?? []) {
    if (!outputs.some((output) => output.name === name)) throw unknownTensorError('output', name, outputs)
  }
}
