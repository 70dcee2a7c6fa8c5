import { runsPerWorker } from '../../bridge/index.js'
import type { LanePool } from '../lanes.js'
import type { Predictor } from '../predictor.js'
import type { Runner } from '../runner.js'

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
