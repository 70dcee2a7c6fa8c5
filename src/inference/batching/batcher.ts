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
  /** Items of equal kind can share a batch; an item without one runs alone. */
  readonly kindOf: (item: Item) => string | undefined
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
  readonly maxBatchSize: number
  /** Whether it has no kind: its feeds may be written by user code, during which no worker computes. */
  readonly hasNoKind: boolean
  /** Entries are numbered in the order of `submit`. */
  readonly order: number
  /** When it no longer waits for others, in the time of `performance.now()`. */
  dueAt: number
  /** The async context of `submit`. */
  readonly caller: AsyncResource
  readonly onStart: () => void
  readonly resolve: (outcome: Outcome<Value>) => void
  readonly reject: (error: unknown) => void
}

/** Items that can share a batch, oldest first. */
type Group<Item, Value> = Set<Entry<Item, Value>>

/**
 * Groups the items of all callers into batches.
 *
 * As soon as a worker is idle, the next batch takes the items that wait, unless they may still wait for
 * others (`maxDelayMs`). A full batch starts earlier, so that it is written while the one before computes. Of
 * several batches that can start, the one with the oldest item is first.
 */
export class Batcher<Item, Value> {
  readonly #parts: BatcherParts<Item, Value>
  readonly #groups = new Map<unknown, Group<Item, Value>>()
  /** Batches that were started and have not ended. */
  #running = 0
  /** Those among them whose item has no kind. */
  #runningWithoutKind = 0
  #places = 0
  #submitted = 0
  #isScheduled = false
  #timer: Timer | undefined

  constructor(parts: BatcherParts<Item, Value>) {
    this.#parts = parts
  }

  /** The number of places that are taken. */
  get places(): number {
    return this.#places
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
      const calls = counted(this.#places, 'call has', 'calls have')
      throw new PaddleError(
        'QUEUE_FULL',
        `${calls} not started on ${model} yet, and \`maxQueue\` allows no more.`,
        { advice: 'Wait for some of them, or raise `maxQueue` or the number of workers.' },
      )
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
        const kind = this.#parts.kindOf(item)
        const hasNoKind = kind === undefined
        const entry: Entry<Item, Value> = {
          ...{ item, limits, hasNoKind, onStart, resolve, reject },
          maxBatchSize: isAlone || hasNoKind ? 1 : limits.maxBatchSize,
          order: (this.#submitted += 1),
          dueAt: performance.now() + limits.maxDelayMs,
          caller: new AsyncResource('PADDLE_BATCH'),
        }
        // An item alone does not join the others of its kind: it need not wait for them.
        const key = isAlone || hasNoKind ? entry : `${limits.timeoutMs ?? 'none'} ${kind}`
        stopListening = listenForAbort(signal, ({ reason }) => {
          this.#remove(key, [entry])
          reject(reason as Error)
          this.#schedule()
        })
        // A run that waits for its `write` does not free a worker for what this `write` submits: the pool decides.
        if (isInWrite()) this.#start([entry])
        else {
          this.#groupOf(key).add(entry)
          this.#schedule()
        }
      })
    } finally {
      stopListening()
    }
  }

  /** Ends the wait for others of all items with these limits: no more of them will come. */
  flush(limits: BatchLimits<Item>): void {
    for (const group of this.#groups.values()) {
      for (const entry of group) if (entry.limits === limits) entry.dueAt = 0
    }
    this.#schedule()
  }

  #groupOf(key: unknown): Group<Item, Value> {
    const group = this.#groups.get(key) ?? new Set()
    this.#groups.set(key, group)
    return group
  }

  #remove(key: unknown, entries: readonly Entry<Item, Value>[]): void {
    const group = this.#groups.get(key)
    if (!group) return
    for (const entry of entries) group.delete(entry)
    if (group.size === 0) this.#groups.delete(key)
  }

  /** Starts batches after all that is submitted and withdrawn at the same time. */
  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    queueMicrotask(() => {
      this.#isScheduled = false
      this.#startBatches()
    })
  }

  #startBatches(): void {
    this.#timer?.stop()
    this.#timer = undefined
    for (let next = this.#nextBatch(); next; next = this.#nextBatch()) {
      this.#remove(next.key, next.batch)
      this.#start(next.batch)
    }
    if (this.#groups.size === 0 || !this.#hasIdleWorker) return
    const dueAt = [...this.#groups.values()].reduce((least, group) => Math.min(least, dueOf(group)), Infinity)
    this.#timer = startTimer(Math.max(0, dueAt - performance.now()), () => {
      this.#startBatches()
    })
  }

  get #hasIdleWorker(): boolean {
    return this.#running - this.#runningWithoutKind < this.#parts.workers
  }

  /** The batch with the oldest item among those that can start now. */
  #nextBatch(): NextBatch<Item, Value> | undefined {
    if (this.#running >= batchesPerWorker * this.#parts.workers) return undefined
    const now = performance.now()
    let next: NextBatch<Item, Value> | undefined
    for (const [key, group] of this.#groups) {
      const [oldest] = group
      if (!oldest || (next && oldest.order > next.order)) continue
      const { batch, isFull } = batchOf(group)
      if (!isFull && !(this.#hasIdleWorker && dueOf(group) <= now)) continue
      next = { key, batch, order: oldest.order }
    }
    return next
  }

  #start(batch: readonly Entry<Item, Value>[]): void {
    this.#count(batch, 1)
    for (const { onStart } of batch) onStart()
    batch[0]?.caller.runInAsyncScope(() => void this.#run(batch))
  }

  #count([first]: readonly Entry<Item, Value>[], step: 1 | -1): void {
    this.#running += step
    if (first?.hasNoKind) this.#runningWithoutKind += step
  }

  async #run(batch: readonly Entry<Item, Value>[]): Promise<void> {
    try {
      const items = batch.map(({ item }) => item)
      deliver(batch, await this.#parts.run(items, batch[0]?.limits.timeoutMs))
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
    this.#count(batch, -1)
    this.#startBatches()
  }
}

interface NextBatch<Item, Value> {
  readonly key: unknown
  readonly batch: readonly Entry<Item, Value>[]
  readonly order: number
}

/** The oldest items of a group, as many as the limits of each of them allow. */
function batchOf<Item, Value>(
  group: Group<Item, Value>,
): { batch: readonly Entry<Item, Value>[]; isFull: boolean } {
  const batch: Entry<Item, Value>[] = []
  let most = Infinity
  for (const entry of group) {
    if (batch.length >= Math.min(most, entry.maxBatchSize)) return { batch, isFull: true }
    batch.push(entry)
    most = Math.min(most, entry.maxBatchSize)
  }
  return { batch, isFull: batch.length >= most }
}

function dueOf<Item, Value>(group: Group<Item, Value>): number {
  let least = Infinity
  for (const { dueAt } of group) least = Math.min(least, dueAt)
  return least
}

/** Settles the items of a batch, caller by caller. */
function deliver<Item, Value>(
  batch: readonly Entry<Item, Value>[],
  { outcomes, times }: RanBatch<Value>,
): void {
  if (outcomes.length !== batch.length)
    throw new TypeError(`The batch has ${batch.length} items, but ${outcomes.length} outcomes.`)
  const settled = outcomes.flatMap((outcome, place) => {
    const entry = batch[place]
    return entry ? [{ ...entry, outcome }] : []
  })
  for (const limits of new Set(batch.map((entry) => entry.limits))) {
    const own = settled.filter((entry) => entry.limits === limits)
    try {
      own[0]?.caller.runInAsyncScope(() =>
        limits.onBatch?.(
          own.map(({ item }) => item),
          times,
        ),
      )
      for (const { resolve, outcome } of own) resolve(outcome)
    } catch (error) {
      for (const { reject } of own) reject(error)
    }
  }
}
