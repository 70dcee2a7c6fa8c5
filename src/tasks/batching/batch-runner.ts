import { PaddleError } from '../../errors.js'
import { isRetryable, type PredictorPool } from '../../inference/index.js'
import type { BatchOptions, TaskEvent } from '../options.js'
import type { Prepared, Result, Steps, WriteTimes } from '../task.js'

interface BatchRunnerParts<Input, Ready, Value, Options> {
  readonly model: string
  readonly pool: PredictorPool
  readonly steps: Steps<Ready, Value, Options>
  readonly nameOf: (input: Input) => string
  /** How often an input is retried after its worker died or timed out. */
  readonly retries: number
  readonly emit: (event: TaskEvent<Input>) => void
}

/** A preprocessed input. */
interface Item<Input, Ready> {
  readonly input: Input
  readonly ready: Ready
}

type Outcome<Value> = { readonly value: Value } | { readonly error: Error }

/** Runs batches of preprocessed inputs through the network. */
export class BatchRunner<Input, Ready, Value, Options extends BatchOptions> {
  readonly #parts: BatchRunnerParts<Input, Ready, Value, Options>
  #lastRunEnded = 0
  /** Set once the outputs of a batch cannot be assigned to its inputs: from then on, inputs run alone. */
  #oneByOne = false

  constructor(parts: BatchRunnerParts<Input, Ready, Value, Options>) {
    this.#parts = parts
  }

  /**
   * Returns the results of the inputs, in order.
   *
   * @throws PaddleError as `PredictorPool.run`, except for errors that a single input caused
   */
  async run(batch: readonly Prepared<Input, Ready>[], options: Options): Promise<Result<Input, Value>[]> {
    const items = batch.flatMap(({ input, ready }) => (ready ? [{ input, ready: ready.value }] : []))
    const times: WriteTimes = { writing: 0, written: 0 }
    const groups = this.#grouped(items)
    const outcomes = new Map<Item<Input, Ready>, Outcome<Value>>()
    const found = await Promise.all(groups.map(async (group) => this.#outcomes(group, options, times)))
    for (const [index, group] of groups.entries()) {
      for (const [place, item] of group.entries()) {
        const outcome = found[index]?.[place]
        if (outcome) outcomes.set(item, outcome)
      }
    }
    const ran = performance.now()
    const results = inOrder(batch, items.map((item) => outcomes.get(item)).values())
    if (items.length === 0) return results
    // A single worker starts this batch after it has finished the previous one.
    const begun = this.#parts.pool.size === 1 ? Math.max(times.written, this.#lastRunEnded) : times.written
    this.#lastRunEnded = ran
    options.onBatch?.({
      images: items.length,
      preprocessMs: times.writing + batch.reduce((sum, { preprocessMs }) => sum + preprocessMs, 0),
      inferenceMs: ran - begun,
      postprocessMs: performance.now() - ran,
    })
    return results
  }

  #grouped(items: readonly Item<Input, Ready>[]): Item<Input, Ready>[][] {
    if (this.#oneByOne) return items.map((item) => [item])
    const groups = new Map<string, Item<Input, Ready>[]>()
    for (const item of items) {
      const kind = this.#parts.steps.kindOf(item.ready)
      const group = groups.get(kind)
      if (group) group.push(item)
      else groups.set(kind, [item])
    }
    return [...groups.values()]
  }

  async #outcomes(
    items: readonly Item<Input, Ready>[],
    options: Options,
    times: WriteTimes,
  ): Promise<Outcome<Value>[]> {
    const { retries } = this.#parts
    try {
      // An input that runs alone gets as many tries as one that ran in a batch first.
      const values = await this.#together(items, items.length > 1 ? 0 : retriesAlone(retries), options, times)
      if (values) return values.map((value) => ({ value }))
      this.#oneByOne = true
      const alone = items.map(async (item) => this.#outcomes([item], options, times))
      return (await Promise.all(alone)).flat()
    } catch (error) {
      // Invalid feeds are rejected before anything is sent.
      if (error instanceof TypeError || error instanceof RangeError) {
        if (items.length === 1) return [{ error }]
        return (await Promise.all(items.map(async (item) => this.#outcomes([item], options, times)))).flat()
      }
      if (!isRetryable(error)) throw error
      if (items.length === 1 || retries === 0) return items.map(({ input }) => this.#putAside(input, error))
      this.#parts.emit({ type: 'split', inputs: items.map(({ input }) => input), error })
      return Promise.all(items.map(async (item) => this.#alone(item, options, times)))
    }
  }

  async #alone(item: Item<Input, Ready>, options: Options, times: WriteTimes): Promise<Outcome<Value>> {
    try {
      const [value] = (await this.#together([item], this.#parts.retries - 1, options, times)) ?? []
      return { value: value as Value }
    } catch (error) {
      if (!isRetryable(error)) throw error
      return this.#putAside(item.input, error)
    }
  }

  #putAside(input: Input, cause: PaddleError): { error: PaddleError } {
    const name = this.#parts.nameOf(input)
    const error = new PaddleError(
      'IMAGE_QUARANTINED',
      `${name} is quarantined: the worker that ran it died or timed out. ${cause.shortMessage}`,
      { cause, details: cause.details, advice: cause.advice },
    )
    this.#parts.emit({ type: 'quarantine', input, error })
    return { error }
  }

  /** Runs the network on all items in one batch. */
  async #together(
    items: readonly Item<Input, Ready>[],
    retries: number,
    options: Options,
    times: WriteTimes,
  ): Promise<readonly Value[] | undefined> {
    const { pool, steps } = this.#parts
    const batch = items.map(({ ready }) => ready)
    const { timeoutMs } = options
    // The caller's signal is not passed on: only ending its process interrupts a run of paddle.
    const outputs = await pool.run(steps.feeds(batch, times), { timeoutMs, retries })
    const values = steps.values(outputs, batch, options)
    if (values ?? items.length > 1) return values
    throw new PaddleError(
      'MODEL_UNSUITABLE',
      `Cannot tell which outputs of ${this.#parts.model} belong to which input.`,
      { advice: 'Run it with `createPredictor`, which takes any model.' },
    )
  }
}

/** Assigns the outcomes to the inputs that ran, and the errors to the others, in the order of the batch. */
function inOrder<Input, Ready, Value>(
  batch: readonly Prepared<Input, Ready>[],
  outcomes: Iterator<Outcome<Value> | undefined>,
): Result<Input, Value>[] {
  return batch.map(({ input, error }) => {
    if (error) return { input, error }
    const { value: outcome } = outcomes.next() as IteratorYieldResult<Outcome<Value>>
    return { input, ...outcome }
  })
}

function retriesAlone(retries: number): number {
  return retries > 1 ? retries - 1 : retries
}
