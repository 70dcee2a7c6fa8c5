/** What a pool has done and is doing. */
export interface PoolStats {
  /** Runs that wait for a worker. */
  readonly queued: number
  /** Runs that were given to a worker, those of predictors that `retrieve` has given too. */
  readonly running: number
  /** Runs of `run()` that were answered, and that were not. */
  readonly done: number
  readonly failed: number
  /** Workers that were started in the place of one that had ended. */
  readonly restarts: number
  /** Runs that were tried again, each time. */
  readonly retries: number
  /** Workers that were renewed (`maxRssMb`, `maxRunsPerWorker`, or writers that do not end keep all places). */
  readonly recycled: number
  /**
   * How long the last 1024 answered runs took, from `run()` to the answer, in milliseconds: half of them at most `p50`, 95 of 100
   * at most `p95`. NaN before the first.
   */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number }
  readonly workers: readonly WorkerStats[]
}

export interface WorkerStats {
  /** Undefined while the worker is started. */
  readonly pid: number | undefined
  readonly running: number
  /** The memory that the process has in use, in bytes, as the system counts (RSS); Linux only. */
  readonly rssBytes: number | undefined
}

/** What a pool of several models has done for one of them. */
export interface ModelStats extends Pick<PoolStats, 'done' | 'failed' | 'retries' | 'latencyMs'> {
  /** By how much a worker grew when it loaded the model, in bytes, as far as that can be told; Linux only. */
  readonly loadedBytes: number | undefined
}

const kept = 1024

/** Durations of the last runs. */
export class Latencies {
  readonly #values: number[] = []
  #next = 0

  add(milliseconds: number): void {
    this.#values[this.#next] = milliseconds
    this.#next = (this.#next + 1) % kept
  }

  /** By the nearest rank. */
  percentiles(): PoolStats['latencyMs'] {
    const sorted = [...this.#values].sort((a, b) => a - b)
    const at = (part: number): number => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? NaN
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
  }
}

/** What became of the runs of one model. */
export class RunCounts {
  readonly latencies = new Latencies()
  done = 0
  failed = 0
  retries = 0
}
