import { inBatches, listenForAbort, mapAhead, takeUntil } from '../async/index.js'
import { abortedBy, callerTypeError } from '../errors.js'
import {
  emitter,
  poolForm,
  predictorForm,
  PredictorPool,
  prewarmedWorker,
  usableCores,
  withPrewarmed,
} from '../inference/index.js'
import { pick } from '../options/index.js'
import { BatchRunner } from './batching/batch-runner.js'
import { preprocessConcurrently } from './batching/prepare-ahead.js'
import { batchForm, type BatchOptions, type TaskOptions } from './options.js'
import type { Prepared, Result, Steps, Task } from './task.js'

/** Per worker: one batch computes while the next one is written. */
const batchesPerWorker = 2

/** A model loaded in its workers. */
interface Network<Input, Ready, Value, Options extends BatchOptions> {
  readonly pool: PredictorPool
  readonly steps: Steps<Ready, Value, Options>
  readonly batches: BatchRunner<Input, Ready, Value, Options>
}

/**
 * A task whose model is loaded in a pool of workers and whose inputs run in batches. Subclasses define how
 * the model is loaded and what its results are called.
 */
export abstract class LoadedTask<
  Input,
  Ready,
  Value,
  Options extends BatchOptions,
> implements AsyncDisposable {
  readonly #task: Task<Input, Ready, Value, Options>
  readonly #workers: number
  readonly #prepare: (input: Input, signal: AbortSignal) => Promise<Prepared<Input, Ready>>
  readonly #closing = new AbortController()
  readonly #network: Promise<Network<Input, Ready, Value, Options>>
  #pool: PredictorPool | undefined

  /** Starts loading the model. */
  protected constructor(
    model: string,
    task: Task<Input, Ready, Value, Options>,
    options: TaskOptions<Input>,
  ) {
    this.#task = task
    this.#workers = defaultWorkers(options)
    this.#prepare = preprocessConcurrently(task)
    this.#network = this.#load(model, options)
    // The error is thrown where the network is awaited.
    this.#network.catch(() => undefined)
  }

  /** Resolves to this task when the model is loaded. */
  protected async loaded(): Promise<this> {
    await this.#network
    return this
  }

  /** The pool of workers. @throws TypeError before the model is loaded */
  get pool(): PredictorPool {
    if (!this.#pool)
      throw callerTypeError('The model is still loading: use `await load()` instead of `open()`.')
    return this.#pool
  }

  async #load(model: string, options: TaskOptions<Input>): Promise<Network<Input, Ready, Value, Options>> {
    const { signal = this.#closing.signal, ...rest } = pick(predictorForm, options)
    const emit = emitter(options.onEvent)
    const ofPool = {
      ...rest,
      ...pick(poolForm, options),
      model,
      workers: this.#workers,
      signal: AbortSignal.any([signal, this.#closing.signal]),
    }
    const pool = await PredictorPool.create(withPrewarmed(ofPool, prewarmedWorker(options)))
    try {
      const steps = this.#task.connect(pool)
      this.#pool = pool
      const retries = options.retries ?? poolForm.retries.default
      const nameOf = (input: Input): string => this.#task.nameOf(input)
      return { pool, steps, batches: new BatchRunner({ model, pool, steps, nameOf, retries, emit }) }
    } catch (error) {
      await pool.close()
      throw error
    }
  }

  /**
   * Runs inputs and yields their results in input order. Leaving the loop early stops the work and keeps the
   * workers.
   */
  protected async *results(
    inputs: Iterable<Input> | AsyncIterable<Input>,
    options: Options,
  ): AsyncGenerator<Result<Input, Value>, void, undefined> {
    const { doing, step, defaultBatchSize } = this.#task
    this.#task.checkOptions(options)
    const { batchSize = defaultBatchSize, maxDelayMs = batchForm.maxDelayMs.default } = options
    const { signal, onProgress } = options
    const total = Array.isArray(inputs) ? { total: inputs.length } : {}
    const leaving = new AbortController()
    const stopListening = listenForAbort(signal, (fired) => {
      leaving.abort(abortedBy(fired, doing))
    })
    const prepare = (input: Input): Promise<Prepared<Input, Ready>> => this.#prepare(input, leaving.signal)
    const prepared = mapAhead(inputs, 2 * batchSize, prepare, leaving.signal)
    const counts = ({ ready }: Prepared<Input, Ready>): boolean => ready !== undefined
    const batches = inBatches(prepared, { size: batchSize, counts, maxDelayMs })
    const run = async (batch: readonly Prepared<Input, Ready>[]): Promise<Result<Input, Value>[]> =>
      (await this.#network).batches.run(batch, options)
    try {
      let done = 0
      for await (const batch of mapAhead(
        options.finish ? takeUntil(batches, options.finish) : batches,
        batchesPerWorker * this.#workers,
        run,
        leaving.signal,
      )) {
        for (const result of batch) {
          done += 1
          onProgress?.({ step, done, ...total })
          yield result
        }
      }
    } finally {
      stopListening()
      leaving.abort()
      await prepared.return()
    }
  }

  /** Runs the network of each worker `runs` times on a batch of `batchSize` copies of one input. */
  protected async warmUpWith(
    ready: Ready,
    runs: number,
    { batchSize = 1, signal, timeoutMs }: Pick<BatchOptions, 'batchSize' | 'signal' | 'timeoutMs'>,
  ): Promise<void> {
    const { pool, steps } = await this.#network
    const batch = Array.from({ length: batchSize }, () => ready)
    for (let run = 0; run < runs; run += 1) {
      const feeds = (): ReturnType<typeof steps.feeds> => steps.feeds(batch, { writing: 0, written: 0 })
      // As many runs at once as there are workers: each worker gets one.
      await Promise.all(Array.from({ length: pool.size }, () => pool.run(feeds(), { signal, timeoutMs })))
    }
  }

  /** Stops the workers and frees their memory. Can be called twice. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#network.then(
      ({ pool }) => pool.close(),
      () => undefined,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/**
 * Leaves half of the cores to preprocessing, which takes about as long as the network of a common classifier.
 */
function defaultWorkers({ workers = 'auto', cpuThreads }: TaskOptions<never>): number {
  if (workers !== 'auto') return workers
  const threads = typeof cpuThreads === 'number' ? cpuThreads : 1
  return Math.max(1, Math.floor(usableCores() / (2 * threads)))
}
