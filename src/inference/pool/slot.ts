import { PaddleError } from '../../errors.js'
import type { Predictor } from '../predictor.js'
import type { RunResult, RunTask } from '../runner.js'
import { runsPerWorker, type Opened } from '../create-predictor.js'
import type { WaitOptions } from '../options.js'

type Open = () => Promise<Opened>

/** Workers that may end one after the other without an answer before the next is started only when a run asks for it. */
const fruitlessStarts = 2

/** One worker's place in a pool: when its worker ends, another one takes it. */
export class PoolSlot {
  readonly #open: Open
  readonly #changed: () => void
  #opened: Opened | undefined
  #starting: Promise<void> | undefined
  #failure: unknown
  #closing = false
  #running = 0
  #restarts = 0
  /** How many workers have ended, one after the other, without having answered a run. */
  #fruitless = 0

  /**
   * @param open Starts a worker.
   * @param changed Is called whenever the place can take more, or no longer can take any.
   */
  constructor(open: Open, changed: () => void) {
    this.#open = open
    this.#changed = changed
  }

  /** The predictor, unless it is being started. */
  get predictor(): Predictor | undefined {
    return this.#opened?.predictor
  }

  get running(): number {
    return this.#running
  }

  get restarts(): number {
    return this.#restarts
  }

  /** Why there is no worker and none is being started. */
  get failure(): unknown {
    return this.#failure
  }

  /** Whether a run can be given to it now. */
  get isFree(): boolean {
    return this.#opened?.runner.closed === false && this.#running < runsPerWorker
  }

  /** @throws PaddleError as `createPredictor` */
  async start(): Promise<void> {
    const opened = await this.#open()
    this.#opened = opened
    this.#failure = undefined
    void opened.over.then(() => {
      if (this.#opened !== opened || this.#closing) return
      this.#opened = undefined
      this.#fruitless += 1
      // One that ends as soon as it was started is still being started here.
      void Promise.resolve(this.#starting).then(() => {
        if (this.#fruitless <= fruitlessStarts) this.restart()
        else this.#fail(opened.predictor.info.model)
      })
    })
  }

  /** Starts a worker where there is none; whether that worked is told by `changed`. */
  restart(): void {
    if (this.#starting || this.#opened || this.#closing) return
    this.#failure = undefined
    this.#restarts += 1
    this.#starting = this.start()
      .catch((error: unknown) => {
        this.#failure = error
      })
      .finally(() => {
        this.#starting = undefined
        this.#changed()
      })
  }

  /** @throws PaddleError as `Predictor.run` */
  async run(task: RunTask, options: WaitOptions): Promise<RunResult> {
    if (!this.#opened) throw new TypeError('The worker has not been started.')
    this.#running += 1
    try {
      const result = await this.#opened.runner.run(task, options)
      this.#fruitless = 0
      return result
    } finally {
      this.#running -= 1
    }
  }

  #fail(model: string): void {
    this.#failure = new PaddleError(
      'WORKER_DIED',
      `${this.#fruitless} workers of the pool of ${model} have ended one after the other without answering a run.\n` +
        'See what ends them: run the model on one predictor (createPredictor). The next run starts another one.',
    )
    this.#changed()
  }

  async close(): Promise<void> {
    this.#closing = true
    await this.#starting
    await this.#opened?.predictor.close()
  }
}
