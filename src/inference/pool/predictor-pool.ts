import type { TensorInfo } from '../../bridge/index.js'
import { checkConstructor, constructorKey, type ConstructorKey } from '../../constructor-key.js'
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
  type ConfigOr,
  type OptionsWithConfig,
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
 * Several workers with the same model, each in its own process; a run goes to the least busy worker.
 *
 * @example
 * await using pool = await PredictorPool.create({ model: 'model', workers: 2 })
 * const outputs = await Promise.all(images.map((image) => pool.run({ image })))
 */
export class PredictorPool implements AsyncDisposable {
  readonly #pool: WorkerPool
  readonly #model: PooledModel

  private constructor(key: ConstructorKey, pool: WorkerPool) {
    checkConstructor(key, 'PredictorPool', 'await PredictorPool.create({ model })')
    this.#pool = pool
    this.#model = pool.models[0]
  }

  /**
   * Loads a model in several processes.
   *
   * @throws PaddleError as `createPredictor`; TypeError or RangeError for invalid options. No process is left
   * running then.
   */
  static async create<Given>(
    configOrOptions: ConfigOr<PredictorOptions & PoolOptions, Given>,
    ...more: OptionsWithConfig<StartOptions & PoolOptions, Given>
  ): Promise<PredictorPool> {
    const given: Config | (PredictorOptions & PoolOptions) = configOrOptions
    const config = given instanceof Config ? given : undefined
    const all = given instanceof Config ? (more[0] ?? {}) : given
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
    return new PredictorPool(constructorKey, await WorkerPool.open([plan], parts, ofModel))
  }

  /** The inputs as the program declares them; -1 is a dynamic dimension. */
  get inputs(): readonly TensorInfo[] {
    return this.#model.inputs
  }

  /**
   * The outputs as the program declares them. The actual outputs of a run may differ from the declaration.
   */
  get outputs(): readonly TensorInfo[] {
    return this.#model.outputs
  }

  /** The predictor's info in the first worker. */
  get info(): PredictorInfo {
    return this.#model.info
  }

  /** The number of workers. */
  get size(): number {
    return this.#pool.size
  }

  /**
   * Returns the predictor of one worker (`retrieve`), for methods that the pool does not offer. Its runs use
   * the lanes of the pool and count in `stats().running` and for `maxRunsPerWorker`. Close the pool, not the
   * predictor. When the worker is replaced or recycled, the predictor closes as soon as its pending runs are
   * done: retrieve the new one.
   *
   * @throws RangeError for an index that is not from 0 to `size - 1`; PaddleError WORKER_DIED while the
   * worker restarts
   */
  retrieve(index: number): Predictor {
    return this.#pool.retrieve(index)
  }

  /** Alias of `retrieve`, spelled as in older versions of paddle. */
  retrive(index: number): Predictor {
    return this.retrieve(index)
  }

  /**
   * Runs the model on the least busy worker; waits if none is free. A worker takes two runs at once, so that
   * the feeds of one are written while the other computes. Do not change the feeds until the promise settles.
   *
   * A worker that dies is replaced. A worker whose run exceeds `timeoutMs`, or is aborted while it computes,
   * is ended and replaced. Its other runs move to another worker, which calls a feed's `write` again. A run
   * that a worker had begun to compute is retried at most `retries` times, then rejected.
   *
   * @returns the outputs by name, in memory that belongs to the caller.
   * @throws as `Predictor.run`, and PaddleError QUEUE_FULL, POOL_FAILED. A run whose feeds are not written
   * within `timeoutMs` is not retried.
   */
  async run(feeds: Feeds, options: PoolRunOptions = {}): Promise<Outputs> {
    return this.#model.run(feeds, options)
  }

  /** Allocates a tensor in memory that every worker of the pool shares; see `Predictor.allocate`. */
  allocate<D extends DType>(name: string, shape: readonly number[], dtype?: D): AllocatedTensor<D> {
    return this.#model.allocate(name, shape, dtype)
  }

  /** The current stats of the pool. */
  stats(): PoolStats {
    return this.#pool.stats()
  }

  /**
   * Accepts no more runs and waits for pending runs to settle, including runs on predictors from `retrieve`.
   * The workers stay alive until `close()`.
   *
   * @throws PaddleError RUN_IN_WRITE
   */
  async drain(): Promise<void> {
    await this.#pool.drain()
  }

  /**
   * Ends the workers and frees their memory. Pending runs are rejected with PREDICTOR_CLOSED. May be called
   * twice.
   */
  async close(): Promise<void> {
    await this.#pool.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
