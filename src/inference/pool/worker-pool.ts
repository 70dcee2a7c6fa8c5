import { setImmediate as nextTurn } from 'node:timers/promises'
import { withLimits } from '../../async/index.js'
import { memoryInUse } from '../../bridge/index.js'
import { constructorKey } from '../../constructor-key.js'
import { PaddleError, wrongValue } from '../../errors.js'
import { openPredictors } from '../create-predictor.js'
import { checkNotInWrite } from '../io/write-deadlock.js'
import { IdleClocks } from '../memory/idle-timeouts.js'
import type { WaitOptions } from '../options/index.js'
import type { Predictor } from '../predictor.js'
import { withBfloat16Tried } from '../worker/bfloat16-trial.js'
import { LaunchPlan, type ModelPlan } from '../worker/launch-plan.js'
import type { PrewarmedWorker } from '../worker/prewarm.js'
import { Dispatcher } from './dispatcher.js'
import { emitter } from './events.js'
import type { PoolSettings } from './pool-options.js'
import type { ModelStats, PoolStats } from './pool-stats.js'
import { PooledModel } from './pooled-model.js'
import { startSlots, type Slots } from './slots.js'

/** What a pool is built from. */
interface PoolParts {
  readonly settings: PoolSettings
  readonly workers: number
  /** The names of the models, in a pool of several models. */
  readonly names?: readonly string[]
  /** A prewarmed worker for the first slot, if it fits. */
  readonly early?: PrewarmedWorker | undefined
}

/** Workers that hold the same models, and the queue of their runs: the implementation behind every pool. */
export class WorkerPool {
  readonly #plan: LaunchPlan
  readonly #slots: Slots
  readonly #dispatcher: Dispatcher
  readonly models: readonly [PooledModel, ...PooledModel[]]
  #draining = false
  #closing: Promise<void> | undefined

  private constructor(plan: LaunchPlan, slots: Slots, dispatcher: Dispatcher, first: readonly Predictor[]) {
    this.#plan = plan
    this.#slots = slots
    this.#dispatcher = dispatcher
    const models = first.map(
      (predictor, model) =>
        new PooledModel(constructorKey, predictor, {
          predictor: () => slots.all[0]?.predictors[model],
          arena: slots.arena,
          declaredInputs: plan.model(model).declaredInputs,
          checkOpen: () => {
            this.#checkOpen()
          },
          run: (task, options) => dispatcher.run({ ...task, model }, options),
        }),
    )
    // The plan has at least one model.
    this.models = models as [PooledModel, ...PooledModel[]]
  }

  /**
   * @throws PaddleError as `createPredictor`; RangeError if `maxRssMb` would recycle workers after each run.
   * No process is left running then.
   */
  static async open(
    plans: readonly [() => Promise<ModelPlan>, ...(() => Promise<ModelPlan>)[]],
    { settings, workers, names, early }: PoolParts,
    wait: WaitOptions,
  ): Promise<WorkerPool> {
    const { maxQueue, retries, maxRssMb, maxRunsPerWorker, startTimeoutMs, onEvent } = settings
    return withLimits(wait, 'Creating the pool', async (stop) => {
      const tried = async (plan: () => Promise<ModelPlan>): Promise<ModelPlan> =>
        withBfloat16Tried(await plan(), openPredictors, stop)
      const [first, ...others] = plans
      const models: [ModelPlan, ...ModelPlan[]] = [await tried(first)]
      for (const plan of others) models.push(await tried(plan))
      const plan = new LaunchPlan(models, startTimeoutMs, early)
      const emit = emitter(onEvent)
      const made: { dispatcher?: Dispatcher } = {}
      const changed = (): void => made.dispatcher?.pump()
      const clocks = new IdleClocks()
      const parts = { workers, names, limits: { maxRssMb, maxRunsPerWorker }, emit, clocks, changed }
      const slots = await startSlots(plan, parts, stop)
      try {
        const predictors = predictorsOf(slots)
        checkRoom(maxRssMb, memoryInUse(slots.all[0]?.pid))
        const { title } = plan
        const ofModels = { title, models: models.length, names }
        made.dispatcher = new Dispatcher({ ...ofModels, slots: slots.all, maxQueue, retries, emit, clocks })
        return new WorkerPool(plan, slots, made.dispatcher, predictors)
      } catch (error) {
        await slots.close(error)
        throw error
      }
    })
  }

  /** The number of workers. */
  get size(): number {
    return this.#slots.all.length
  }

  /**
   * @throws RangeError for an index that is not from 0 to `size - 1`; PaddleError WORKER_DIED while the
   * worker restarts
   */
  retrieve(index: number): Predictor {
    const slot = this.#slots.all[index]
    if (!slot) throw wrongValue('index', `an integer from 0 to ${this.size - 1}`, index)
    const [predictor] = slot.predictors
    if (predictor) return predictor
    throw new PaddleError(
      'WORKER_DIED',
      `Worker ${index} of the pool of ${this.#plan.title} has ended and is being restarted.`,
      { advice: 'Try again, or use run() of the pool.' },
    )
  }

  stats(): PoolStats {
    return this.#dispatcher.stats()
  }

  /** The stats of one model. */
  statsOf(model: number): ModelStats {
    return { ...this.#dispatcher.statsOf(model), loadedBytes: this.models[model]?.info.loadedBytes }
  }

  /** Accepts no more runs and waits for pending runs to settle. @throws PaddleError RUN_IN_WRITE */
  async drain(): Promise<void> {
    checkNotInWrite(this.#slots.arena, this.#plan.title)
    this.#draining = true
    await this.#dispatcher.idle()
    // The caller of the last run receives its outputs first.
    await nextTurn()
  }

  /**
   * Ends the workers and frees their memory. Pending runs are rejected with PREDICTOR_CLOSED. May be called
   * twice.
   */
  async close(): Promise<void> {
    this.#closing ??= this.#close()
    await this.#closing
  }

  async #close(): Promise<void> {
    const closed = this.#closedError('was closed')
    this.#dispatcher.close(closed)
    await this.#slots.close(closed)
  }

  #checkOpen(): void {
    if (this.#closing) throw this.#closedError('was closed')
    if (this.#draining) throw this.#closedError('accepts no more runs: drain() was called')
  }

  #closedError(why: string): PaddleError {
    return new PaddleError('PREDICTOR_CLOSED', `The pool of ${this.#plan.title} ${why}.\nCreate another one.`)
  }
}

/** The predictors of the first worker. */
function predictorsOf({ all }: Slots): readonly Predictor[] {
  const { predictors = [] } = all[0] ?? {}
  if (predictors.length > 0) return predictors
  throw new PaddleError('WORKER_DIED', 'The first worker of the pool ended as soon as it was started.', {
    advice: 'Create the pool again.',
  })
}

/** Throws if `maxRssMb` would recycle workers after each run. */
function checkRoom(maxRssMb: number, rssBytes: number | undefined): void {
  const rssMb = Math.ceil((rssBytes ?? 0) / 2 ** 20)
  if (maxRssMb > rssMb) return
  throw wrongValue('maxRssMb', `more than the ${rssMb} MiB that a worker uses after it starts`, maxRssMb)
}
