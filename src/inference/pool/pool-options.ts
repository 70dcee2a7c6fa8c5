import { checkInteger, wrongType, wrongValue } from '../../errors.js'
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

/** What is not given. */
export const poolDefaults = {
  maxQueue: Infinity,
  retries: 2,
  // Large models from slow disks take minutes.
  startTimeoutMs: 300_000,
  maxRssMb: Infinity,
  maxRunsPerWorker: Infinity,
} satisfies PoolOptions

/** The names of {@link PoolOptions}. */
export const poolOptionNames = ['workers', ...Object.keys(poolDefaults), 'onEvent']

/** Pool options with what was not given. */
export type PoolSettings = Readonly<Record<keyof typeof poolDefaults, number>> &
  Pick<PoolOptions, 'workers' | 'onEvent'>

/** @throws TypeError or RangeError */
export function poolSettings(options: PoolOptions): PoolSettings {
  checkPoolOptions(options)
  return { ...poolDefaults, ...(pickPoolOptions(options) as Partial<PoolSettings>) }
}

/** Those of `options` that are a pool's. */
export function pickPoolOptions(options: PoolOptions): PoolOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) => poolOptionNames.includes(name) && value !== undefined),
  )
}

/** The others. */
export function withoutPoolOptions<T extends PoolOptions>(options: T): Omit<T, keyof PoolOptions> {
  const others = Object.entries(options).filter(([name]) => !poolOptionNames.includes(name))
  return Object.fromEntries(others) as Omit<T, keyof PoolOptions>
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
export function checkPoolOptions(options: PoolOptions): void {
  const { workers, onEvent } = options
  if (workers !== undefined && workers !== 'auto') {
    checkInteger('workers', workers, 1, 'a positive integer or `auto`')
  }
  checkLimit('maxQueue', options.maxQueue, 0)
  if (options.retries !== undefined) checkInteger('retries', options.retries, 0)
  checkAmount('startTimeoutMs', options.startTimeoutMs)
  checkAmount('maxRssMb', options.maxRssMb)
  checkLimit('maxRunsPerWorker', options.maxRunsPerWorker, 1)
  if (onEvent !== undefined && typeof onEvent !== 'function')
    throw wrongType('onEvent', 'a function', onEvent)
}

/** Throws unless it is left out, Infinity, or an integer from `least` on. */
function checkLimit(name: string, value: unknown, least: number): void {
  if (value !== undefined && value !== Infinity) checkInteger(name, value, least)
}

/** Throws unless it is left out or a positive number. */
function checkAmount(name: string, value: unknown): void {
  if (value === undefined) return
  if (typeof value !== 'number') throw wrongType(name, 'a positive number', value)
  if (!(value > 0)) throw wrongValue(name, 'a positive number', value)
}
