import type { Death } from '../../bridge/index.js'
import type { PaddleError } from '../../errors.js'
import { runsPerWorker, type Opened } from '../create-predictor.js'
import type { Lanes } from '../lanes.js'
import type { WaitOptions } from '../options.js'
import type { Predictor } from '../predictor.js'
import type { RunResult, RunTask } from '../runner.js'
import { isLost } from './is-lost.js'

/** One worker of a pool, with what it has to do. */
export class PoolWorker {
  readonly #opened: Opened
  /** The memory that its successor takes over. */
  readonly lanes: Lanes
  #running = 0
  #answered = 0
  /** Runs that it has begun and not answered. */
  #computing = 0
  #endedBy: PaddleError | undefined
  #isRetired = false

  constructor(opened: Opened, lanes: Lanes) {
    this.#opened = opened
    this.lanes = lanes
  }

  get predictor(): Predictor {
    return this.#opened.predictor
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
    if (this.endedFor) return this.endedFor
    try {
      this.#opened.runner.checkOpen()
      return undefined
    } catch (error) {
      return error
    }
  }

  get running(): number {
    return this.#running
  }

  get answered(): number {
    return this.#answered
  }

  /** Whether it computes, or has ended while it did. */
  get isComputing(): boolean {
    return this.#computing > 0 || this.#endedBy !== undefined
  }

  get isRetired(): boolean {
    return this.#isRetired
  }

  /** Whether a run can be given to it now. */
  get isFree(): boolean {
    return !this.#isRetired && this.#running < runsPerWorker && this.#opened.runner.isOpen
  }

  /** @throws PaddleError as `Predictor.run` */
  async run(task: RunTask, options: WaitOptions): Promise<RunResult> {
    this.#running += 1
    let computing = 0
    const onBegin = (): void => {
      computing = 1
      this.#computing += 1
      task.onBegin?.()
    }
    try {
      const result = await this.#opened.runner.run({ ...task, onBegin }, options)
      this.#answered += 1
      return result
    } catch (error) {
      if (computing > 0 && isLost(error)) this.#endedBy ??= error
      throw error
    } finally {
      this.#running -= 1
      this.#computing -= computing
      if (this.#isRetired) this.#endWhenIdle()
    }
  }

  /** Ends it as soon as what it has is answered; it is given nothing more. */
  retire(): void {
    this.#isRetired = true
    this.#endWhenIdle()
  }

  async close(): Promise<void> {
    await this.predictor.close()
  }

  #endWhenIdle(): void {
    if (this.#running === 0) void this.close()
  }
}
