import type { TensorInfo } from '../bridge/index.js'
import { checkInteger, wrongType } from '../errors.js'
import { unknownName } from './feeds.js'
import type { WaitOptions } from './options.js'
import { checkWait } from './waiting.js'

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

const names = ['signal', 'timeoutMs', 'fetch']

/** @throws as `checkRunOptions` */
export function checkPoolRunOptions(options: PoolRunOptions, outputs: readonly TensorInfo[]): void {
  checkRunOptions(options, outputs, [...names, 'retries'])
  if (options.retries !== undefined) checkInteger('retries', options.retries, 0)
}

/** @throws TypeError or RangeError; PaddleError ABORTED when the signal has fired already */
export function checkRunOptions(options: RunOptions, outputs: readonly TensorInfo[], known = names): void {
  checkWait(options, known, 'The run')
  const fetch: unknown = options.fetch
  if (fetch === undefined) return
  if (!Array.isArray(fetch)) throw wrongType('fetch', 'an array of names of outputs', fetch)
  for (const name of fetch as unknown[]) {
    if (!outputs.some((output) => output.name === name)) throw unknownName('output', String(name), outputs)
  }
}
