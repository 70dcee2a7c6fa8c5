import { memoryInUse, runsPerWorker } from '../../bridge/index.js'
import type { LanePool } from '../memory/lane-pool.js'
import type { Predictor } from '../predictor.js'
import type { Runner } from '../worker/runner.js'
import type { RecycleEvent } from './events.js'
import type { PoolSettings } from './pool-options.js'

/** A worker of a pool, and whether the pool still assigns runs to it. */
export class PoolWorker {
  /** Its runs and other requests. */
  readonly runner: Runner
  /** One per model. */
  readonly predictors: readonly Predictor[]
  /** Memory that its successor takes over. */
  readonly lanes: LanePool
  #isRetired = false

  constructor(runner: Runner, predictors: readonly Predictor[], lanes: LanePool) {
    this.runner = runner
    this.predictors = predictors
    this.lanes = lanes
  }

  get isRetired(): boolean {
    return this.#isRetired
  }

  /** Whether it can take a run now. */
  get isFree(): boolean {
    const places = runsPerWorker - this.lanes.abandoned
    return !this.#isRetired && this.runner.running < places && this.runner.isOpen
  }

  /** Whether writes that do not end hold all its lanes. */
  get isStuck(): boolean {
    return this.lanes.abandoned === runsPerWorker
  }

  /** Stops assigning runs to it, and ends it when its pending runs are done. */
  retire(): void {
    this.#isRetired = true
    this.endWhereDue()
  }

  /** Ends the worker if it is retired and idle. */
  endWhereDue(): void {
    if (this.#isRetired && this.runner.isIdle) void this.runner.close()
  }
}

/** When a worker is recycled. */
export type RenewalLimits = Pick<PoolSettings, 'maxRssMb' | 'maxRunsPerWorker'>

const mebibyte = 2 ** 20

/** The reason to recycle a worker between two runs, if there is one. */
export function renewalReason(
  { maxRssMb, maxRunsPerWorker }: RenewalLimits,
  { pid, answered: runs, isStuck }: Pick<Runner, 'pid' | 'answered'> & Pick<PoolWorker, 'isStuck'>,
): Pick<RecycleEvent, 'reason' | 'rssBytes'> | undefined {
  if (isStuck) return { reason: 'stuckWrites', rssBytes: memoryInUse(pid) }
  if (runs >= maxRunsPerWorker) return { reason: 'maxRunsPerWorker', rssBytes: memoryInUse(pid) }
  if (maxRssMb === Infinity) return undefined
  const rssBytes = memoryInUse(pid)
  return rssBytes !== undefined && rssBytes > maxRssMb * mebibyte
    ? { reason: 'maxRssMb', rssBytes }
    : undefined
}
