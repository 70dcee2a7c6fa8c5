import type { TensorInfo } from '../bridge/index.js'
import { wrongType } from '../errors.js'
import { unknownName } from './feeds.js'
import type { WaitOptions } from './options.js'
import { checkWait } from './waiting.js'

/** What `run` takes beside the feeds. */
export interface RunOptions extends WaitOptions {
  /** The names of the outputs to read; the others stay where they are. @default all */
  readonly fetch?: readonly string[] | undefined
}

/** @throws TypeError or RangeError; PaddleError ABORTED when the signal has fired already */
export function checkRunOptions(options: RunOptions, outputs: readonly TensorInfo[]): void {
  checkWait(options, ['signal', 'timeoutMs', 'fetch'], 'The run')
  const fetch: unknown = options.fetch
  if (fetch === undefined) return
  if (!Array.isArray(fetch)) throw wrongType('fetch', 'an array of names of outputs', fetch)
  for (const name of fetch as unknown[]) {
    if (!outputs.some((output) => output.name === name)) throw unknownName('output', String(name), outputs)
  }
}
