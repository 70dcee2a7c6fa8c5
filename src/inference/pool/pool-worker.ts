import type { Death } from '../../bridge/index.js'
import type { PaddleError } from '../../errors.js'
import { runsPerWorker, type Opened } from '../create-predictor.js'
import type { Lanes } from '../lanes.js'
import type { WaitOptions } from '../options.js'
import type { Predictor } from '../predictor.js'
import type { RunResult, RunTask } from '../runner.js'
import type { WriteScope } from '../write-scope.js'

/** One worker of a pool, with what it has to do. */
export class PoolWorker {
  readonly #opened: Opened
  /** The memory that its successor takes over. */
  readonly lanes: Lanes
  #isRetired = false

  constructor(opened: Opened, lanes: Lanes) {
    this.#opened = opened
    this.lanes = lanes
  }

  /** One for each model. */
  get predictors(): readonly Predictor[] {
    return this.#opened.predictors
  }

  get pid(): number | undefined {
    return this.#opened.pid
  }

  /** Settles when its process has ended for good. */
  get over(): Promise<Death> {
    return this.#opened.over
  }

  /** What a run has ended it for. */
  get endedFor(): PaddleError | undefined {
    return this.#opened.runner.closedBy
  }

  /** Why it has ended. */
  get reason(): unknown {
    return this.endedFor ?? this.#opened.runner.reason
  }

  get running(): number {
    return this.#opened.runner.running
  }

  get isIdle(): boolean {
    return this.#opened.runner.isIdle
  }

  get answered(): number {
    return this.#opened.runner.answered
  }

  /** The model that it ran when it ended; undefined where it did nothing. */
  get diedAt(): number | undefined {
    return this.#opened.runner.diedAt
  }

  get isRetired(): boolean {
    return this.#isRetired
  }

  /** Whether a run can be given to it now. */
  get isFree(): boolean {
    const places = runsPerWorker - this.lanes.abandoned
    return !this.#isRetired && this.running < places && this.#opened.runner.isOpen
  }

  /** Whether writers that do not end keep all its places. */
  get isStuck(): boolean {
    return this.lanes.abandoned === runsPerWorker
  }

  /** Of its places. */
  holders(): readonly (WriteScope | undefined)[] {
    return this.#opened.runner.holders()
  }

  /** @throws PaddleError as `Predictor.run` */
  async run(task: RunTask, options: WaitOptions): Promise<RunResult> {
    return this.#opened.runner.run(task, options)
  }

  /** Ends it as soon as what it has is answered; the pool gives it nothing more. */
  retire(): void {
    this.#isRetired = true
    this.endWhereDue()
  }

  /** Ends one that is retired and has nothing to do. */
  endWhereDue(): void {
    if (this.#isRetired && this.isIdle) void this.close()
  }

  async close(): Promise<void> {
    await this.#opened.runner.close()
  }
}
