import type { TensorInfo } from '../../bridge/index.js'
import { checkConstructor, type ConstructorKey } from '../../constructor-key.js'
import type { DType } from '../../tensor/index.js'
import { checkFeeds } from '../io/check-feeds.js'
import type { DeclaredInputs } from '../io/declared-inputs.js'
import type { Feeds } from '../io/feed-types.js'
import type { Outputs } from '../io/outputs.js'
import { allocateFor } from '../memory/allocate-tensor.js'
import type { AllocatedTensor, Arena } from '../memory/arena.js'
import type { Predictor, PredictorInfo } from '../predictor.js'
import { checkPoolRunOptions, type PoolRunOptions } from '../run-options.js'
import type { RunTask } from '../worker/runner.js'

/** What a pool passes to one of its models. */
export interface PooledModelParts {
  /** The model's predictor in the first worker; undefined while that worker starts. */
  readonly predictor: () => Predictor | undefined
  readonly arena: Arena
  readonly declaredInputs: DeclaredInputs
  /** Throws if the pool accepts no more runs. */
  readonly checkOpen: () => void
  readonly run: (task: Omit<RunTask, 'model'>, options: PoolRunOptions) => Promise<Outputs>
}

/** One of the models that a pool's workers hold. */
export class PooledModel {
  readonly #parts: PooledModelParts
  readonly #inputs: readonly TensorInfo[]
  readonly #outputs: readonly TensorInfo[]
  #info: PredictorInfo

  /** Called by `createPool`. */
  constructor(key: ConstructorKey, first: Predictor, parts: PooledModelParts) {
    checkConstructor(key, 'PooledModel', '(await createPool({ models })).models[name]')
    this.#parts = parts
    this.#inputs = first.inputs
    this.#outputs = first.outputs
    this.#info = first.info
  }

  /** The inputs as the program declares them; -1 is a dynamic dimension. */
  get inputs(): readonly TensorInfo[] {
    return this.#inputs
  }

  /**
   * The outputs as the program declares them. The actual outputs of a run may differ from the declaration.
   */
  get outputs(): readonly TensorInfo[] {
    return this.#outputs
  }

  /** The predictor's info in the first worker. */
  get info(): PredictorInfo {
    this.#info = this.#parts.predictor()?.info ?? this.#info
    return this.#info
  }

  /**
   * Runs the model on the least busy worker; waits if none is free.
   *
   * @returns the outputs by name, in memory that belongs to the caller.
   * @throws as `PredictorPool.run`
   */
  async run(feeds: Feeds, options: PoolRunOptions = {}): Promise<Outputs> {
    const { arena, declaredInputs, checkOpen, run } = this.#parts
    checkOpen()
    checkPoolRunOptions(options, this.#outputs)
    const checked = checkFeeds(this.#inputs, feeds, declaredInputs, arena)
    return run({ feeds: checked, fetch: options.fetch }, options)
  }

  /** Allocates a tensor in memory that every worker of the pool shares; see `Predictor.allocate`. */
  allocate<D extends DType>(name: string, shape: readonly number[], dtype?: D): AllocatedTensor<D> {
    const { arena, declaredInputs, checkOpen } = this.#parts
    checkOpen()
    return allocateFor(arena, this.#inputs, declaredInputs, { name, shape, dtype })
  }
}
