import { setImmediate as nextTurn } from 'node:timers/promises'
import type { TensorInfo } from '../../bridge/index.js'
import { checkNames, PaddleError, wrongValue } from '../../errors.js'
import type { DType } from '../../tensor/index.js'
import { allocateFor } from '../allocate-for.js'
import type { AllocatedTensor } from '../arena.js'
import { withBfloat16Tried } from '../bfloat16-trial.js'
import { Config } from '../config/index.js'
import { openPredictor } from '../create-predictor.js'
import type { Feeds } from '../feed-types.js'
import { checkFeeds } from '../feeds.js'
import {
  checkGiven,
  cpuThreadsOf,
  pickStartOptions,
  predictorOptionNames,
  startOptionNames,
  type PredictorOptions,
  type StartOptions,
} from '../options.js'
import type { Outputs } from '../outputs.js'
import { planOf } from '../plan-of.js'
import type { Predictor, PredictorInfo } from '../predictor.js'
import { checkPoolRunOptions, type PoolRunOptions } from '../run-options.js'
import { IdleClocks } from '../idle-clocks.js'
import { checkWait, withLimits } from '../waiting.js'
import { checkNotInWrite } from '../write-scope.js'
import { Dispatcher } from './dispatcher.js'
import { emitter } from './events.js'
import {
  dividedCores,
  poolOptionNames,
  poolSettings,
  withoutPoolOptions,
  type PoolOptions,
} from './pool-options.js'
import { startSlots, type Slots } from './slots.js'
import { rssOf, type PoolStats } from './stats.js'

const what = 'Creating the pool'

/**
 * Several workers with one model, each in a process of its own: runs go to the one that has the least to do.
 *
 * @example
 * await using pool = await PredictorPool.create({ model: 'model', workers: 2 })
 * const answers = await Promise.all(images.map((image) => pool.run({ image })))
 */
export class PredictorPool implements AsyncDisposable {
  readonly #slots: Slots
  readonly #dispatcher: Dispatcher
  readonly #inputs: readonly TensorInfo[]
  readonly #outputs: readonly TensorInfo[]
  #info: PredictorInfo
  #draining = false
  #closing: Promise<void> | undefined

  private constructor(slots: Slots, dispatcher: Dispatcher, first: Predictor) {
    this.#slots = slots
    this.#dispatcher = dispatcher
    this.#inputs = first.inputs
    this.#outputs = first.outputs
    this.#info = first.info
  }

  /**
   * Loads a model in several processes.
   *
   * @throws PaddleError as `createPredictor`; TypeError or RangeError for wrong options. Nothing is left running then.
   */
  static create(options: PredictorOptions & PoolOptions): Promise<PredictorPool>
  static create(config: Config, options?: StartOptions & PoolOptions): Promise<PredictorPool>
  static async create(
    configOrOptions: Config | (PredictorOptions & PoolOptions),
    given: StartOptions & PoolOptions = {},
  ): Promise<PredictorPool> {
    checkGiven(configOrOptions)
    const config = configOrOptions instanceof Config ? configOrOptions : undefined
    if (!config) checkNames(configOrOptions, ['model', ...predictorOptionNames, ...poolOptionNames])
    const all = configOrOptions instanceof Config ? given : configOrOptions
    const ofPool = poolSettings(all)
    const ofModel = withoutPoolOptions(all) as PredictorOptions
    const options = config ? (ofModel as StartOptions) : pickStartOptions(ofModel)
    checkWait(options, startOptionNames, what)
    const { workers, cpuThreads } = dividedCores(
      ofPool.workers,
      config ? cpuThreadsOf(config) : ofModel.cpuThreads,
    )
    const { maxQueue, retries, maxRssMb, maxRunsPerWorker, startTimeoutMs } = ofPool
    const plan = planOf(config ?? { ...ofModel, cpuThreads }, options, startTimeoutMs)
    return withLimits(options, what, async (stop) => {
      const emit = emitter(ofPool.onEvent)
      const made: { dispatcher?: Dispatcher } = {}
      const changed = (): void => made.dispatcher?.pump()
      const clocks = new IdleClocks()
      const parts = { workers, limits: { maxRssMb, maxRunsPerWorker }, emit, clocks, changed }
      const tried = await withBfloat16Tried(await plan(), openPredictor, stop)
      const slots = await startSlots(tried, parts, stop)
      try {
        const first = firstOf(slots)
        checkRoom(maxRssMb, rssOf(first.info.pid))
        const title = first.info.model
        made.dispatcher = new Dispatcher({ title, slots: slots.all, maxQueue, retries, emit, clocks })
        return new PredictorPool(slots, made.dispatcher, first)
      } catch (error) {
        await slots.close(error)
        throw error
      }
    })
  }

  /** The inputs as the program declares them; -1 is a dynamic dimension. */
  get inputs(): readonly TensorInfo[] {
    return this.#inputs
  }

  /** The outputs as the program declares them; what a run gives may differ, and is right. */
  get outputs(): readonly TensorInfo[] {
    return this.#outputs
  }

  /** What the first worker turned out to be. */
  get info(): PredictorInfo {
    this.#info = this.#slots.all[0]?.predictor?.info ?? this.#info
    return this.#info
  }

  /** How many workers there are. */
  get size(): number {
    return this.#slots.all.length
  }

  /**
   * The predictor of one worker (`retrieve`), for what `run` does not offer. Its runs take places that are the pool's otherwise, and count in
   * `stats().running` and for `maxRunsPerWorker`. Close the pool, not the predictor. Once its worker was replaced or renewed, and what it
   * had is answered, it is closed: retrieve the new one.
   *
   * @throws RangeError for an index that is not from 0 to `size - 1`; PaddleError WORKER_DIED while its worker is started anew
   */
  retrieve(index: number): Predictor {
    const slot = this.#slots.all[index]
    if (!slot) throw wrongValue('index', `an integer from 0 to ${this.size - 1}`, index)
    if (slot.predictor) return slot.predictor
    throw new PaddleError(
      'WORKER_DIED',
      `Worker ${index} of the pool of ${this.#info.model} has ended and is started anew.\n` +
        'Try again, or use run() of the pool.',
    )
  }

  /** `retrieve` under the name that paddle once had for it. */
  retrive(index: number): Predictor {
    return this.retrieve(index)
  }

  /**
   * Runs on the worker that has the least to do, or waits for one: two runs are given to a worker at once, so that one's feeds are
   * written while the other computes. Feeds must not be changed until the promise settles.
   *
   * A worker that dies is replaced, and one whose run takes longer than `timeoutMs`, or is aborted while it computes, is ended and
   * replaced. What it had in hand is given to another worker, for which a feed's `write` is called again; a run that it had begun at most
   * `retries` times, then it is rejected.
   *
   * @returns the outputs by name, in memory of the caller's own.
   * @throws as `Predictor.run`, and PaddleError QUEUE_FULL, POOL_FAILED. A run whose feeds are not written in time (`timeoutMs`) is not tried again.
   */
  async run(feeds: Feeds, options: PoolRunOptions = {}): Promise<Outputs> {
    this.#checkOpen()
    checkPoolRunOptions(options, this.#outputs)
    const checked = checkFeeds(this.#inputs, feeds, this.#slots.arena)
    return this.#dispatcher.run({ feeds: checked, fetch: options.fetch }, options)
  }

  /** A tensor in memory that every worker of the pool sees: as `Predictor.allocate`. */
  allocate<D extends DType>(name: string, shape: readonly number[], dtype?: D): AllocatedTensor<D> {
    this.#checkOpen()
    return allocateFor(this.#slots.arena, this.#inputs, name, shape, dtype)
  }

  /** What the pool does at this moment and has done. */
  stats(): PoolStats {
    return this.#dispatcher.stats()
  }

  /**
   * Takes no more runs, and waits until those that it has are answered, those of predictors that `retrieve` has given too. The workers stay
   * until `close()`.
   *
   * @throws PaddleError RUN_IN_WRITE
   */
  async drain(): Promise<void> {
    checkNotInWrite(this.#slots.arena, this.#info.model)
    this.#draining = true
    await this.#dispatcher.idle()
    // Whoever waits for the last answer has it first.
    await nextTurn()
  }

  /** Ends the workers and frees their memory. What waits or runs is rejected with PREDICTOR_CLOSED. May be called twice. */
  async close(): Promise<void> {
    this.#closing ??= this.#close()
    await this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #close(): Promise<void> {
    const closed = this.#closedError('was closed')
    this.#dispatcher.close(closed)
    await this.#slots.close(closed)
  }

  #checkOpen(): void {
    if (this.#closing) throw this.#closedError('was closed')
    if (this.#draining) throw this.#closedError('takes no more runs: drain() was called')
  }

  #closedError(why: string): PaddleError {
    return new PaddleError('PREDICTOR_CLOSED', `The pool of ${this.#info.model} ${why}.\nCreate another one.`)
  }
}

/** The predictor of the first worker. */
function firstOf({ all }: Slots): Predictor {
  const predictor = all[0]?.predictor
  if (predictor) return predictor
  throw new PaddleError(
    'WORKER_DIED',
    'The first worker of the pool ended as soon as it was started.\nCreate the pool again.',
  )
}

/** Throws where workers would be renewed after each run. */
function checkRoom(maxRssMb: number, rssBytes: number | undefined): void {
  const rssMb = Math.ceil((rssBytes ?? 0) / 2 ** 20)
  if (maxRssMb > rssMb) return
  throw wrongValue(
    'maxRssMb',
    `more than the ${rssMb} MiB that a worker has in use when it is started`,
    maxRssMb,
  )
}
