import {
  amount,
  callback,
  count,
  countUpTo,
  either,
  limit,
  or,
  word,
  type Filled,
  type Form,
} from '../../options/index.js'
import { usableCores } from '../usable-cores.js'
import type { PoolEventListener } from './events.js'

/** The number of workers of a pool, the size of its queue, and how it handles failing workers. */
export interface PoolOptions {
  /**
   * The number of workers, up to 1024; each loads the whole model into its memory. `auto` starts as many as the cores of
   * the machine (or its container) divided by the threads of one run.
   * @default 'auto'
   */
  readonly workers?: number | 'auto' | undefined
  /** The maximum number of queued runs; further runs are rejected with QUEUE_FULL. @default Infinity */
  readonly maxQueue?: number | undefined
  /**
   * How often a run is retried after its worker died or the run exceeded `timeoutMs`. An attempt counts only
   * if the worker had begun to compute the run.
   * @default 2
   */
  readonly retries?: number | undefined
  /** The maximum time in milliseconds for one worker to start; then the start is aborted. @default 300000 */
  readonly startTimeoutMs?: number | undefined
  /** Recycles a worker that uses more than this many MiB, between two runs; Linux only. @default none */
  readonly maxRssMb?: number | undefined
  /** Recycles a worker after this many completed runs. @default none */
  readonly maxRunsPerWorker?: number | undefined
  /** Is called with each event of the workers. Its exceptions are not caught. @default none */
  readonly onEvent?: PoolEventListener | undefined
}

/** Far more than the cores of any machine; each worker takes about 150 MB, and a dozen of the open files. */
const mostWorkers = 1024

/** The number of workers of a pool. */
export const workerCount = either(countUpTo(1, mostWorkers), word('auto'))

export const poolForm = {
  workers: workerCount,
  maxQueue: or(limit(0), Infinity),
  retries: or(count(0), 2),
  // Large models on slow disks take minutes.
  startTimeoutMs: or(amount, 300_000),
  maxRssMb: or(amount, Infinity),
  maxRunsPerWorker: or(limit(1), Infinity),
  onEvent: callback<PoolEventListener>(),
} satisfies Form<PoolOptions>

/** Pool options with defaults applied. */
export type PoolSettings = Filled<typeof poolForm>

export interface PoolSize {
  readonly workers: number
  /** Threads per run. */
  readonly cpuThreads: number
}

/** Divides the cores between workers and threads: an `auto` value takes what the other value leaves. */
export function dividedCores(
  workers: number | 'auto' = 'auto',
  cpuThreads: number | 'auto' = 1,
  cores: number = usableCores(),
): PoolSize {
  const share = (by: number): number => Math.max(1, Math.floor(cores / by))
  if (workers !== 'auto') return { workers, cpuThreads: cpuThreads === 'auto' ? share(workers) : cpuThreads }
  const threads = cpuThreads === 'auto' ? 1 : cpuThreads
  return { workers: share(threads), cpuThreads: threads }
}
