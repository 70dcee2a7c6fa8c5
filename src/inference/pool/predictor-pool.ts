import type { TensorInfo } from '../../bridge/index.js'
import { checkOptions, omit, pick } from '../../options/index.js'
import type { DType } from '../../tensor/index.js'
import { Config } from '../config/index.js'
import type { Feeds } from '../io/feed-types.js'
import type { Outputs } from '../io/outputs.js'
import type { AllocatedTensor } from '../memory/arena.js'
import {
  cpuThreadsOf,
  predictorForm,
  startForm,
  type PredictorOptions,
  type StartOptions,
} from '../options/index.js'
import type { Predictor, PredictorInfo } from '../predictor.js'
import type { PoolRunOptions } from '../run-options.js'
import { planModel } from '../worker/plan-model.js'
import { prewarmedWorker } from '../worker/prewarm.js'
import { dividedCores, poolForm, type PoolOptions } from './pool-options.js'
import type { PoolStats } from './pool-stats.js'
import type { PooledModel } from './pooled-model.js'
import { WorkerPool } from './worker-pool.js'

/**
 * Several workers with one model, each in a process of its own: runs go to the one that has the least to do.
 *
 * @example
 * await using pool = await PredictorPool.create({ model: 'model', workers: 2 })
 * const answers = await Promise.all(images.map((image) => pool.run({ image })))
 */
export class PredictorPool implements AsyncDisposable {
  readonly #pool: WorkerPool
  readonly #model: PooledModel

  private constructor(pool: WorkerPool) {
    this.#pool = pool
    this.#model = pool.models[0]
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
    const config = configOrOptions instanceof Config ? configOrOptions : undefined
    const all = configOrOptions instanceof Config ? given : configOrOptions
    const form = { ...(config ? startForm : predictorForm), ...poolForm }
    checkOptions(form, all, config ? undefined : 'a Config or an options object')
    const settings = checkOptions(poolForm, pick(poolForm, all))
    const ofModel = omit(poolForm, all) as PredictorOptions
    const { workers, cpuThreads } = dividedCores(
      settings.workers,
      config ? cpuThreadsOf(config) : ofModel.cpuThreads,
    )
    const plan = planModel(config ?? { ...ofModel, cpuThreads }, ofModel)
    const parts = { settings, workers, early: prewarmedWorker(all) }
    return new PredictorPool(await WorkerPool.open([plan], parts, ofModel))
  }

  /** The inputs as the program declares them; -1 is a dynamic dimension. */
  get inputs(): readonly TensorInfo[] {
    return this.#model.inputs
  }

  /** The outputs as the program declares them; what a run gives may differ, and is right. */
  get outputs(): readonly TensorInfo[] {
    return this.#model.outputs
  }

  /** What the first worker turned out to be. */
  get info(): PredictorInfo {
    return this.#model.info
  }

  /** How many workers there are. */
  get size(): number {
    return this.#pool.size
  }

  /**
   * The predictor of one worker (`retrieve`), for what `run` does not offer. Its runs take places that are the pool's otherwise, and count in
   * `stats().running` and for `maxRunsPerWorker`. Close the pool, not the predictor. Once its worker was replaced or renewed, and what it
   * had is answered, it is closed: retrieve the new one.
   *
   * @throws RangeError for an index that is not from 0 to `size - 1`; PaddleError WORKER_DIED while its worker is started anew
   */
  retrieve(index: number): Predictor {
    return this.#pool.retrieve(index)
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
    return this.#model.run(feeds, options)
  }

  /** A tensor in memory that every worker of the pool sees: as `Predictor.allocate`. */
  allocate<D extends DType>(name: string, shape: readonly number[], dtype?: D): AllocatedTensor<D> {
    return this.#model.allocate(name, shape, dtype)
  }

  /** What the pool does at this moment and has done. */
  stats(): PoolStats {
    return this.#pool.stats()
  }

  /**
   * Takes no more runs, and waits until those that it has are answered, those of predictors that `retrieve` has given too. The workers stay
   * until `close()`.
   *
   * @throws PaddleError RUN_IN_WRITE
   */
  async drain(): Promise<void> {
    await this.#pool.drain()
  }

  /** Ends the workers and frees their memory. What waits or runs is rejected with PREDICTOR_CLOSED. May be called twice. */
  async close(): Promise<void> {
    await this.#pool.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
