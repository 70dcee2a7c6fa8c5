import { AsyncResource } from 'node:async_hooks'
import { listenForAbort, startTimer, type Timer } from '../../async/index.js'
import { PaddleError } from '../../errors.js'
import { counted } from '../../wording.js'
import { isInWrite } from '../io/write-deadlock.js'
import type { BatchTimes, Outcome, RanBatch } from './batch-steps.js'

/** Batches per worker: one computes while the next one is written. */
const batchesPerWorker = 2

interface BatcherParts<Item, Value> {
  /** The model, as error messages name it. */
  readonly model: string
  readonly workers: number
  /** The maximum number of places taken by `enter`. */
  readonly maxQueue: number
  /** Items of equal kind can share a batch. */
  readonly kindOf: (item: Item) => string
  readonly run: (batch: readonly Item[], timeoutMs: number | undefined) => Promise<RanBatch<Value>>
}

/** How the items of one caller join batches. */
export interface BatchLimits<Item> {
  /** The most items in a batch with one of these. */
  readonly maxBatchSize: number
  /** How long an item waits for others while a worker is idle, in milliseconds. */
  readonly maxDelayMs: number
  /** Limits the run of a batch. Only items with the same limit share one. */
  readonly timeoutMs?: number | undefined
  /** Called after each batch with the caller's items in it. An error it throws rejects these items. */
  readonly onBatch?: ((items: readonly Item[], times: BatchTimes) => void) | undefined
}

/** An item that waits for its batch. */
interface Entry<Item, Value> {
  readonly item: Item
  readonly limits: BatchLimits<Item>
  /** Items with equal keys can share a batch. */
  readonly key: string
  readonly maxBatchSize: number
  /** When it no longer waits for others, in the time of `performance.now()`. */
  dueAt: number
  /** Whether it was submitted by a `write` that a run of this model may be waiting for. */
  readonly isInWrite: boolean
  /** The async context of `submit`. */
  readonly caller: AsyncResource
  readonly onStart: () => void
  readonly resolve: (outcome: Outcome<Value>) => void
  readonly reject: (error: unknown) => void
}

/**
 * Groups the items of all callers into batches, oldest first.
 *
 * As soon as a worker is idle, the next batch takes the items that wait, unless they may still wait for
 * others (`maxDelayMs`). A full batch starts earlier, so that it is written while the one before computes.
 */
export class Batcher<Item, Value> {
  readonly #parts: BatcherParts<Item, Value>
  #waiting: Entry<Item, Value>[] = []
  #running = 0
  #places = 0
  #timer: Timer | undefined

  constructor(parts: BatcherParts<Item, Value>) {
    this.#parts = parts
  }

  /**
   * Takes a place in the queue for an item that is about to be submitted.
   *
   * @returns gives the place back; can be called twice
   * @throws PaddleError QUEUE_FULL
   */
  enter(): () => void {
    const { maxQueue, model } = this.#parts
    if (this.#places >= maxQueue) {
      const calls = counted(this.#places, 'call waits', 'calls wait')
      throw new PaddleError('QUEUE_FULL', `${calls} for ${model}, and \`maxQueue\` allows no more.`, {
        advice: 'Wait for some of them, give it more workers, or raise `maxQueue`.',
      })
    }
    this.#places += 1
    let isTaken = true
    return () => {
      if (isTaken) this.#places -= 1
      isTaken = false
    }
  }

  /**
   * Returns the outcome of an item.
   *
   * @param how.isAlone - whether it runs in a batch of its own
   * @param how.signal - withdraws the item if its batch has not started, and rejects with the signal's reason
   * @param how.onStart - is called when its batch starts
   */
  async submit(
    item: Item,
    limits: BatchLimits<Item>,
    {
      isAlone = false,
      signal,
      onStart = () => undefined,
    }: { isAlone?: boolean; signal?: AbortSignal; onStart?: () => void } = {},
  ): Promise<Outcome<Value>> {
    signal?.throwIfAborted()
    let stopListening = (): void => undefined
    try {
      return await new Promise((resolve, reject) => {
        const { maxDelayMs, timeoutMs } = limits
        const entry: Entry<Item, Value> = {
          ...{ item, limits, onStart, resolve, reject },
          key: `${timeoutMs ?? 'none'} ${this.#parts.kindOf(item)}`,
          maxBatchSize: isAlone ? 1 : limits.maxBatchSize,
          dueAt: performance.now() + maxDelayMs,
          isInWrite: isInWrite(),
          caller: new AsyncResource('PADDLE_BATCH'),
        }
        this.#waiting.push(entry)
        stopListening = listenForAbort(signal, ({ reason }) => {
          this.#waiting = this.#waiting.filter((other) => other !== entry)
          reject(reason as Error)
          this.#startBatches()
        })
        this.#startBatches()
      })
    } finally {
      stopListening()
    }
  }

  /** Ends the wait for others of all items with these limits: no more of them will come. */
  flush(limits: BatchLimits<Item>): void {
    for (const entry of this.#waiting) if (entry.limits === limits) entry.dueAt = 0
    this.#startBatches()
  }

  #startBatches(): void {
    this.#timer?.stop()
    this.#timer = undefined
    // A run that waits for a `write` cannot free a place for what this `write` submits: the pool decides.
    for (const entry of this.#waiting.filter((waiting) => waiting.isInWrite)) this.#start([entry])
    for (let batch = this.#nextBatch(); batch.length > 0; batch = this.#nextBatch()) this.#start(batch)
    if (this.#waiting.length === 0 || !this.#hasIdleWorker) return
    this.#timer = startTimer(this.#dueInMs(), () => {
      this.#startBatches()
    })
  }

  get #hasIdleWorker(): boolean {
    return this.#running < this.#parts.workers
  }

  #dueInMs(): number {
    const now = performance.now()
    return Math.max(0, this.#waiting.reduce((least, { dueAt }) => Math.min(least, dueAt), Infinity) - now)
  }

  /** The entries that can start now as one batch; none if all may wait. */
  #nextBatch(): Entry<Item, Value>[] {
    const [oldest] = this.#waiting
    if (!oldest || this.#running >= batchesPerWorker * this.#parts.workers) return []
    const isFull = this.#waiting.length >= oldest.maxBatchSize
    if (!isFull && !(this.#hasIdleWorker && this.#dueInMs() === 0)) return []
    const batch: Entry<Item, Value>[] = []
    let most = Infinity
    for (const entry of this.#waiting) {
      const mostWith = Math.min(most, entry.maxBatchSize)
      if (entry.key !== oldest.key || batch.length >= mostWith) continue
      batch.push(entry)
      most = mostWith
      if (batch.length === most) break
    }
    return batch
  }

  #start(batch: readonly Entry<Item, Value>[]): void {
    this.#waiting = this.#waiting.filter((entry) => !batch.includes(entry))
    this.#running += 1
    for (const { onStart } of batch) onStart()
    batch[0]?.caller.runInAsyncScope(() => void this.#run(batch))
  }

  async #run(batch: readonly Entry<Item, Value>[]): Promise<void> {
    try {
      const ran = await this.#parts.run(
        batch.map(({ item }) => item),
        batch[0]?.limits.timeoutMs,
      )
      this.#end()
      deliver(batch, ran)
    } catch (error) {
      this.#end()
      for (const { reject } of batch) reject(error)
    }
  }

  #end(): void {
    this.#running -= 1
    this.#startBatches()
  }
}

/** Settles the items of a batch, caller by caller. */
function deliver<Item, Value>(
  batch: readonly Entry<Item, Value>[],
  { outcomes, times }: RanBatch<Value>,
): void {
  const settled = batch.flatMap((entry, place) => {
    const outcome = outcomes[place]
    return outcome ? [{ ...entry, outcome }] : []
  })
  for (const limits of new Set(batch.map((entry) => entry.limits))) {
    const own = settled.filter((entry) => entry.limits === limits)
    try {
      limits.onBatch?.(
        own.map(({ item }) => item),
        times,
      )
      for (const { resolve, outcome } of own) resolve(outcome)
    } catch (error) {
      for (const { reject } of own) reject(error)
    }
  }
}
