import type { PaddleError } from '../../../errors.js'
import type { Setting } from '../search/settings.js'

/** The measurements of a setting. */
export interface Measured {
  readonly setting: Setting
  /** Samples per second at full load: each worker has the batch that it computes and the next one. */
  readonly throughput: number
  /** The number of runs behind the throughput. */
  readonly runs: number
  /** Durations of single requests in milliseconds, in ascending order. */
  readonly latencies: readonly number[]
  /** The same at full load; undefined with images. */
  readonly loadedLatencies: readonly number[] | undefined
  /** Whether the network failed with oneDNN and was measured without it. */
  readonly withoutOneDnn: boolean
  readonly error?: never
}

/** A setting that could not be measured. */
interface Unmeasured {
  readonly setting: Setting
  readonly error: PaddleError
}

export type Row = Measured | Unmeasured

export function isMeasured(row: Row): row is Measured {
  return row.error === undefined
}
