import {
  amount,
  callback,
  count,
  either,
  limit,
  or,
  word,
  type Filled,
  type Form,
} from '../../options/index.js'
import { usableCores } from '../usable-cores.js'
import type { PoolEventListener } from './events.js'

/** How many workers a pool has, how much may wait for them, and what becomes of those that fail. */
export interface PoolOptions {
  /**
   * How many workers are started, each with the whole model in its memory. `auto` starts as many as the machine's cores (or those
   * of its container), divided by the threads of one run.
   * @default 'auto'
   */
  readonly workers?: number | 'auto' | undefined
  /** The most runs that may wait for a worker; one more is rejected with QUEUE_FULL. @default Infinity */
  readonly maxQueue?: number | undefined
  /**
   * How often a run is tried again whose worker died, or took longer than `timeoutMs`. Only a run that its worker had begun to compute
   * counts as tried. @default 2
   */
  readonly retries?: number | undefined
  /** The longest time that the start of one worker may take, in milliseconds; then it is ended. @default 300000 */
  readonly startTimeoutMs?: number | undefined
  /** A worker that has more memory in use than so many MiB is renewed between two runs; Linux only. @default none */
  readonly maxRssMb?: number | undefined
  /** A worker that has answered so many runs is renewed. @default none */
  readonly maxRunsPerWorker?: number | undefined
  /** Is told what happens to the workers. What it throws is not caught. @default nobody */
  readonly onEvent?: PoolEventListener | undefined
}

export const poolForm = {
  workers: either(count(1), word('auto')),
  maxQueue: or(limit(0), Infinity),
  retries: or(count(0), 2),
  // Large models from slow disks take minutes.
  startTimeoutMs: or(amount, 300_000),
  maxRssMb: or(amount, Infinity),
  maxRunsPerWorker: or(limit(1), Infinity),
  onEvent: callback<PoolEventListener>(),
} satisfies Form<PoolOptions>

/** Pool options with what was not given. */
export type PoolSettings = Filled<typeof poolForm>

export interface PoolSize {
  readonly workers: number
  /** Threads that one run may use. */
  readonly cpuThreads: number
}

/** Divides the cores: what is `auto` gets what the other leaves of them. */
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
