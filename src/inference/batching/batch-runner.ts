import { mayLackMemory } from '../../bridge/index.js'
import { PaddleError } from '../../errors.js'
import { anyModelAdvice } from '../../model/index.js'
import { addressSpaceLimit, limitedMemory } from '../../out-of-memory.js'
import type { PredictorPool } from '../pool/predictor-pool.js'
import { isRetryable } from '../pool/retry-policy.js'
import type { BatchSteps, Outcome, RanBatch, WriteTimes } from './batch-steps.js'

interface BatchRunnerParts<Item, Value> {
  /** The model, as error messages name it. */
  readonly model: string
  readonly pool: PredictorPool
  readonly steps: BatchSteps<Item, Value>
  /** How often an item is retried after its worker died or timed out. */
  readonly retries: number
  readonly nameOf: (item: Item) => string
  /** Called when the items of a batch are retried one by one. */
  readonly onSplit: (items: readonly Item[], error: PaddleError) => void
  /** Called when an item is quarantined. */
  readonly onQuarantine: (item: Item, error: PaddleError) => void
}

/** Runs batches through a pool, and retries their items one by one if a worker dies. */
export class BatchRunner<Item, Value> {
  readonly #parts: BatchRunnerParts<Item, Value>
  #lastRunEnded = 0
  /** Also set once the outputs of a batch cannot be assigned to its items. */
  #oneByOne: boolean

  constructor(parts: BatchRunnerParts<Item, Value>) {
    this.#parts = parts
    this.#oneByOne = parts.steps.oneByOne ?? false
  }

  /**
   * Returns the outcomes of the items, in order.
   *
   * @param timeoutMs - limits each run
   * @throws PaddleError as `PredictorPool.run`, except for errors that a single item caused
   */
  async run(items: readonly Item[], timeoutMs: number | undefined): Promise<RanBatch<Value>> {
    const times: WriteTimes = { writing: 0, written: 0 }
    const groups = this.#oneByOne ? items.map((item) => [item]) : [items]
    const outcomes = await Promise.all(
      groups.map(async (group) => this.#outcomes(group, { timeoutMs, times })),
    )
    const ran = performance.now()
    // A single worker starts this batch after it has finished the previous one.
    const begun = this.#parts.pool.size === 1 ? Math.max(times.written, this.#lastRunEnded) : times.written
    this.#lastRunEnded = ran
    return {
      outcomes: outcomes.flat(),
      times: {
        writingMs: times.writing,
        inferenceMs: ran - begun,
        postprocessMs: performance.now() - ran,
      },
    }
  }

  async #outcomes(items: readonly Item[], limits: Limits): Promise<Outcome<Value>[]> {
    const { retries } = this.#parts
    const oneByOne = async (): Promise<Outcome<Value>[]> =>
      (await Promise.all(items.map(async (item) => this.#outcomes([item], limits)))).flat()
    try {
      // Items of a batch are retried one by one, and its run counts as the first try of each.
      const values = await this.#together(items, items.length > 1 ? 0 : retries, limits)
      if (values) return values.map((value) => ({ value }))
      this.#oneByOne = true
      return await oneByOne()
    } catch (error) {
      // Not the fault of an item, although V8 reports it as a RangeError.
      const limited = error instanceof PaddleError ? undefined : limitedMemory('A batch cannot be fed', error)
      if (limited) throw limited
      // Invalid feeds are rejected before anything is sent.
      if (error instanceof TypeError || error instanceof RangeError) {
        return items.length === 1 ? [{ error }] : oneByOne()
      }
      if (!isRetryable(error)) throw error
      if (items.length === 1 || retries === 0) return items.map((item) => this.#giveUp(item, error, 0))
      this.#parts.onSplit(items, error)
      return Promise.all(items.map(async (item) => this.#alone(item, limits)))
    }
  }

  async #alone(item: Item, limits: Limits): Promise<Outcome<Value>> {
    try {
      const [value] = (await this.#together([item], this.#parts.retries - 1, limits)) ?? []
      return { value: value as Value }
    } catch (error) {
      if (!isRetryable(error)) throw error
      return this.#giveUp(item, error, 1)
    }
  }

  /**
   * The outcome of an item whose last worker was lost: it is quarantined, unless the memory was limited.
   *
   * @param triedBefore - how often it was tried in a batch before it ran alone
   */
  #giveUp(item: Item, cause: PaddleError, triedBefore: number): { error: PaddleError } {
    const name = this.#parts.nameOf(item)
    const tries = triedBefore + (cause.details?.tries ?? 1)
    const details = { ...cause.details, ...(tries > 1 && { tries }) }
    const limit = cause.code === 'WORKER_DIED' && mayLackMemory(details) ? addressSpaceLimit() : undefined
    if (limit !== undefined) {
      const what = `${name} has no result: the memory of the workers that ran it is limited (${limit.text}). ${cause.shortMessage}`
      return { error: new PaddleError('OUT_OF_MEMORY', what, { cause, details, advice: cause.advice }) }
    }
    const error = new PaddleError(
      'IMAGE_QUARANTINED',
      `${name} is quarantined: the worker that ran it died or timed out. ${cause.shortMessage}`,
      { cause, details, advice: cause.advice },
    )
    this.#parts.onQuarantine(item, error)
    return { error }
  }

  /** Runs the network on all items in one batch. */
  async #together(
    items: readonly Item[],
    retries: number,
    { timeoutMs, times }: Limits,
  ): Promise<readonly Value[] | undefined> {
    const { pool, steps } = this.#parts
    // No caller's signal is passed on: only ending its process interrupts a run of paddle.
    const outputs = await pool.run(steps.feeds(items, times), { timeoutMs, retries })
    const values = await steps.values(outputs, items)
    if (values ?? items.length > 1) return values
    throw new PaddleError(
      'MODEL_UNSUITABLE',
      `Cannot tell which outputs of ${this.#parts.model} belong to which input.`,
      { advice: anyModelAdvice },
    )
  }
}

interface Limits {
  readonly timeoutMs: number | undefined
  readonly times: WriteTimes
}
