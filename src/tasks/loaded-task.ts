import { listenForAbort, mapAhead, takeUntil } from '../async/index.js'
import { abortedBy, callerTypeError } from '../errors.js'
import { Batcher, checkWait, type BatchLimits, type PredictorPool } from '../inference/index.js'
import { omit } from '../options/index.js'
import { closedError, loadNetwork, workersOf, type Network, type TaskItem } from './load-network.js'
import {
  batchForm,
  listForm,
  taskForm,
  type BatchOptions,
  type OneOptions,
  type TaskOptions,
} from './options.js'
import { preprocessConcurrently } from './preprocess-concurrently.js'
import type { Prepared, Result, Task } from './task.js'

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
  readonly #model: string
  readonly #task: Task<Input, Ready, Value, Options>
  readonly #workers: number
  readonly #prepare: (input: Input, signal: AbortSignal) => Promise<Prepared<Input, Ready>>
  readonly #batcher: Batcher<TaskItem<Input, Ready, Options>, Value>
  readonly #closing = new AbortController()
  readonly #network: Promise<Network<Input, Ready, Value, Options>>
  #pool: PredictorPool | undefined

  /** Starts loading the model. */
  protected constructor(
    model: string,
    task: Task<Input, Ready, Value, Options>,
    options: TaskOptions<Input>,
  ) {
    this.#model = model
    this.#task = task
    this.#workers = workersOf(options)
    this.#prepare = preprocessConcurrently(task)
    this.#batcher = new Batcher({
      model,
      workers: this.#workers,
      maxQueue: options.maxQueue ?? taskForm.maxQueue.default,
      kindOf: ({ ready }) => task.kindOf(ready),
      run: async (batch, timeoutMs) => (await this.#network).runner.run(batch, timeoutMs),
    })
    this.#network = loadNetwork(model, task, options, this.#closing.signal).then((network) => {
      this.#pool = network.pool
      return network
    })
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

  /** The number of calls for one input whose batch has not started: those that `maxQueue` limits. */
  get waiting(): number {
    return this.#batcher.places
  }

  /**
   * Runs inputs and yields their results in input order. Leaving the loop early stops the work and keeps the
   * workers.
   */
  protected async *results(
    inputs: Iterable<Input> | AsyncIterable<Input>,
    options: Options,
  ): AsyncGenerator<Result<Input, Value>, void, undefined> {
    const { doing, step, form } = this.#task
    checkWait(form, options, doing)
    this.#task.checkOptions?.(options)
    const { finish, signal, onProgress } = options
    const total = Array.isArray(inputs) ? { total: inputs.length } : {}
    const { leaving, stopListening } = this.#leaving(signal)
    const limits = this.#limits(options, batchForm.maxDelayMs.default)
    const prepare = (input: Input): Promise<Prepared<Input, Ready>> => this.#prepare(input, leaving.signal)
    const prepared = mapAhead(inputs, 2 * limits.maxBatchSize, prepare, leaving.signal)
    const flushing = this.#flushing(finish ? takeUntil(prepared, finish) : prepared, limits)
    const state = { isFirst: true }
    const run = async ({
      input,
      ready,
      preprocessMs,
      error,
    }: Prepared<Input, Ready>): Promise<Result<Input, Value>> => {
      if (error) {
        // An error of the model takes precedence over that of an input.
        await this.#network
        return { input, error }
      }
      const { isFirst: isAlone } = state
      state.isFirst = false
      const item = { input, ready: ready.value, preprocessMs, options }
      return { input, ...(await this.#batcher.submit(item, limits, { isAlone, signal: leaving.signal })) }
    }
    try {
      let done = 0
      const ahead = batchesAhead(this.#workers) * limits.maxBatchSize
      for await (const result of mapAhead(flushing, ahead, run, leaving.signal)) {
        done += 1
        onProgress?.({ step, done, ...total })
        yield result
      }
    } finally {
      stopListening()
      leaving.abort()
      await prepared.return()
    }
  }

  /** Passes the inputs on. After the last one, those that wait for others run. */
  async *#flushing(
    inputs: AsyncGenerator<Prepared<Input, Ready>, void, undefined>,
    limits: BatchLimits<TaskItem<Input, Ready, Options>>,
  ): AsyncGenerator<Prepared<Input, Ready>, void, undefined> {
    try {
      yield* inputs
    } finally {
      this.#batcher.flush(limits)
    }
  }

  /**
   * Returns the value of one input, which shares a batch with whatever else waits when a worker is free.
   *
   * @throws PaddleError QUEUE_FULL, ABORTED, the error of the input, and what `Predictor.run` throws; TypeError or
   * RangeError for invalid options
   */
  protected async resultOf(input: Input, options: OneOptions<Options>): Promise<Value> {
    const { doing, form } = this.#task
    checkWait(omit(listForm, form), options, doing)
    const own = options as Options
    this.#task.checkOptions?.(own)
    const leave = this.#batcher.enter()
    const { leaving, stopListening } = this.#leaving(own.signal)
    try {
      const { ready, preprocessMs, error } = await this.#prepare(input, leaving.signal)
      if (error) {
        await this.#network
        throw error
      }
      const item = { input, ready: ready.value, preprocessMs, options: own }
      const how = { signal: leaving.signal, onStart: leave }
      const outcome = await this.#batcher.submit(item, this.#limits(own, 0), how)
      if (outcome.error) throw outcome.error
      return outcome.value
    } finally {
      leave()
      stopListening()
    }
  }

  /** A controller that the caller's signal and `close` fire. */
  #leaving(signal: AbortSignal | undefined): { leaving: AbortController; stopListening: () => void } {
    const leaving = new AbortController()
    const stops = [
      listenForAbort(signal, (fired) => {
        leaving.abort(abortedBy(fired, this.#task.doing))
      }),
      listenForAbort(this.#closing.signal, ({ reason }) => {
        leaving.abort(reason)
      }),
    ]
    const stopListening = (): void => {
      for (const stop of stops) stop()
    }
    return { leaving, stopListening }
  }

  #limits(options: Options, defaultDelayMs: number): BatchLimits<TaskItem<Input, Ready, Options>> {
    const {
      batchSize = this.#task.defaultBatchSize,
      maxDelayMs = defaultDelayMs,
      timeoutMs,
      onBatch,
    } = options
    return {
      ...{ maxBatchSize: batchSize, maxDelayMs, timeoutMs },
      onBatch:
        onBatch &&
        ((items, { writingMs, inferenceMs, postprocessMs }) => {
          const preprocessMs = items.reduce((sum, item) => sum + item.preprocessMs, writingMs)
          onBatch({ images: items.length, preprocessMs, inferenceMs, postprocessMs })
        }),
    }
  }

  /** Runs the network of each worker `runs` times on a batch of `batchSize` copies of one input. */
  protected async warmUpWith(
    ready: Ready,
    runs: number,
    { batchSize = 1, signal, timeoutMs }: Pick<BatchOptions, 'batchSize' | 'signal' | 'timeoutMs'>,
  ): Promise<void> {
    const { pool, steps } = await this.#network
    const batch = Array.from({ length: steps.oneByOne ? 1 : batchSize }, () => ready)
    for (let run = 0; run < runs; run += 1) {
      const feeds = (): ReturnType<typeof steps.feeds> => steps.feeds(batch, { writing: 0, written: 0 })
      // As many runs at once as there are workers: each worker gets one.
      await Promise.all(Array.from({ length: pool.size }, () => pool.run(feeds(), { signal, timeoutMs })))
    }
  }

  /** Stops the workers and frees their memory. Can be called twice. */
  async close(): Promise<void> {
    this.#closing.abort(closedError(this.#model))
    await this.#network.then(
      ({ pool }) => pool.close(),
      () => undefined,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/** Per worker, one batch computes and one is written; the inputs of the next one are ready. */
function batchesAhead(workers: number): number {
  return 2 * workers + 1
}
