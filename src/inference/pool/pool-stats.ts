import { ascending, distributionOf } from '../../distribution.js'

/** The stats of a pool. */
export interface PoolStats {
  /** Runs that wait for a worker. */
  readonly queued: number
  /** Runs assigned to a worker, including runs on predictors from `retrieve`. */
  readonly running: number
  /** Completed and failed calls of `run()`. */
  readonly done: number
  readonly failed: number
  /** Workers started to replace one that ended. */
  readonly restarts: number
  /** Retried runs, counted once per retry. */
  readonly retries: number
  /** Recycled workers (`maxRssMb`, `maxRunsPerWorker`, or stuck writes that hold all lanes). */
  readonly recycled: number
  /**
   * The time from `run()` to its outputs over the last 1024 completed runs, in milliseconds: half of them
   * took at most `p50`, 95 % at most `p95`, 99 % at most `p99`. NaN before the first completed run.
   */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number }
  readonly workers: readonly WorkerStats[]
}

export interface WorkerStats {
  /** Undefined while the worker starts. */
  readonly pid: number | undefined
  readonly running: number
  /** The resident memory of the process in bytes (RSS); Linux only. */
  readonly rssBytes: number | undefined
}

/** The stats of one model in a pool of several models. */
export interface ModelStats extends Pick<PoolStats, 'done' | 'failed' | 'retries' | 'latencyMs'> {
  /** How much a worker grew when it loaded the model, in bytes, if known; Linux only. */
  readonly loadedBytes: number | undefined
}

const kept = 1024

/** The durations of the last runs. */
export class Latencies {
  readonly #values: number[] = []
  #next = 0

  add(milliseconds: number): void {
    this.#values[this.#next] = milliseconds
    this.#next = (this.#next + 1) % kept
  }

  /** Uses the nearest-rank method. */
  percentiles(): PoolStats['latencyMs'] {
    const { p50, p95, p99 } = distributionOf(ascending(this.#values))
    return { p50, p95, p99 }
  }
}

/** Run counts of one model. */
export class RunCounts {
  readonly latencies = new Latencies()
  done = 0
  failed = 0
  retries = 0
}
