import { memoryInUse, runsPerWorker } from '../../bridge/index.js'
import type { LanePool } from '../memory/lane-pool.js'
import type { Predictor } from '../predictor.js'
import type { Runner } from '../worker/runner.js'
import type { RecycleEvent } from './events.js'
import type { PoolSettings } from './pool-options.js'

/** One worker of a pool, and whether the pool still gives it anything. */
export class PoolWorker {
  /** What it has to do. */
  readonly runner: Runner
  /** One for each model. */
  readonly predictors: readonly Predictor[]
  /** The memory that its successor takes over. */
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

  /** Whether a run can be given to it now. */
  get isFree(): boolean {
    const places = runsPerWorker - this.lanes.abandoned
    return !this.#isRetired && this.runner.running < places && this.runner.isOpen
  }

  /** Whether writers that do not end keep all its places. */
  get isStuck(): boolean {
    return this.lanes.abandoned === runsPerWorker
  }

  /** Ends it as soon as what it has is answered; the pool gives it nothing more. */
  retire(): void {
    this.#isRetired = true
    this.endWhereDue()
  }

  /** Ends one that is retired and has nothing to do. */
  endWhereDue(): void {
    if (this.#isRetired && this.runner.isIdle) void this.runner.close()
  }
}

/** When a worker is renewed. */
export type RenewalLimits = Pick<PoolSettings, 'maxRssMb' | 'maxRunsPerWorker'>

const mebibyte = 2 ** 20

/** Why a worker is to be renewed between two runs, if it is. */
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
