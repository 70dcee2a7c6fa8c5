import { checkInteger, wrongType } from '../../errors.js'
import { usableCores } from '../usable-cores.js'

/** How many workers a pool has, and how much may wait for them. */
export interface PoolOptions {
  /**
   * How many workers are started, each with the whole model in its memory. `auto` starts as many as the machine's cores (or those
   * of its container), divided by the threads of one run.
   * @default 'auto'
   */
  readonly workers?: number | 'auto' | undefined
  /** The most runs that may wait for a worker; one more is rejected with QUEUE_FULL. @default Infinity */
  readonly maxQueue?: number | undefined
}

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

/** @throws TypeError or RangeError */
export function checkPoolOptions({ workers, maxQueue }: PoolOptions): void {
  if (workers !== undefined && workers !== 'auto') {
    checkInteger('workers', workers, 1, 'a positive integer or `auto`')
  }
  if (maxQueue === undefined || maxQueue === Infinity) return
  if (typeof maxQueue !== 'number') throw wrongType('maxQueue', 'a non-negative integer', maxQueue)
  checkInteger('maxQueue', maxQueue, 0)
}
