import type { PaddleError } from '../../../errors.js'
import type { Setting } from '../search/settings.js'

/** What was measured under a setting. */
export interface Measured {
  readonly setting: Setting
  /** Samples a second at full load: every worker computes, and has the next batch at hand. */
  readonly throughput: number
  /** How many runs the throughput was taken from. */
  readonly runs: number
  /** How long each request took when it was the only one, in milliseconds, in ascending order. */
  readonly latencies: readonly number[]
  /** The same at full load; undefined with images, whose requests are the pipeline's own. */
  readonly loadedLatencies: readonly number[] | undefined
  /** oneDNN was turned off by itself, because the network fails with it. */
  readonly withoutOneDnn: boolean
  readonly error?: never
}

/** Why a setting could not be measured. */
interface Unmeasured {
  readonly setting: Setting
  readonly error: PaddleError
}

export type Row = Measured | Unmeasured

export function isMeasured(row: Row): row is Measured {
  return row.error === undefined
}
