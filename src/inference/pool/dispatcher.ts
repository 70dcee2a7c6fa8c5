import { AsyncResource } from 'node:async_hooks'
import { listenForAbort } from '../../async/index.js'
import { memoryInUse } from '../../bridge/index.js'
import { abortedBy, PaddleError } from '../../errors.js'
import { counted } from '../../wording.js'
import type { Outputs } from '../io/outputs.js'
import { detectDeadlock, type WriteScope, type WriteSlots } from '../io/write-deadlock.js'
import { waitingForOthers, type IdleClocks } from '../memory/idle-timeouts.js'
import type { PoolRunOptions } from '../run-options.js'
import type { RunTask } from '../worker/runner.js'
import type { PoolEventListener } from './events.js'
import { Latencies, RunCounts, type ModelStats, type PoolStats } from './pool-stats.js'
import { isRetryable, mayRetry } from './retry-policy.js'
import type { PoolSlot } from './slot.js'

interface Waiting {
  readonly task: RunTask
  readonly options: PoolRunOptions
  readonly begun: number
  /** How many workers began to compute it without completing it. */
  tries: number
  readonly resolve: (outputs: Outputs) => void
  readonly reject: (error: unknown) => void
  /** Lets the run leave the queue: on abort, timeout or deadlock. `stay` revokes this. */
  readonly mayLeave: () => void
  readonly stay: () => void
  /** The async context of the `run` call, in which the feeds' `write` functions are called. */
  readonly caller: AsyncResource
}

interface DispatcherParts {
  /** The models, as error messages name them. */
  readonly title: string
  /** The number of models. */
  readonly models: number
  /** Their names, in a pool of several models. */
  readonly names: readonly string[] | undefined
  readonly slots: readonly PoolSlot[]
  readonly maxQueue: number
  readonly retries: number
  readonly emit: PoolEventListener
  readonly clocks: IdleClocks
}

/** Assigns runs to the least busy slot and queues those for which no slot is free. */
export class Dispatcher implements WriteSlots {
  readonly #parts: DispatcherParts
  readonly #slots: readonly PoolSlot[]
  readonly #queue: Waiting[] = []
  readonly #latencies = new Latencies()
  readonly #counts: readonly RunCounts[]
  readonly #idle: (() => void)[] = []
  #closed = false
  /** Runs assigned to a slot. */
  #underWay = 0

  constructor(parts: DispatcherParts) {
    this.#parts = parts
    this.#slots = parts.slots
    this.#counts = Array.from({ length: parts.models }, () => new RunCounts())
  }

  /** @throws PaddleError QUEUE_FULL, ABORTED, POOL_FAILED and as `Predictor.run` */
  async run(task: RunTask, options: PoolRunOptions): Promise<Outputs> {
    const { title, maxQueue } = this.#parts
    if (this.#queue.length >= maxQueue && !this.#slots.some(({ isFree }) => isFree)) {
      const runs = counted(this.#queue.length, 'run waits', 'runs wait')
      throw new PaddleError(
        'QUEUE_FULL',
        `${runs} for the pool of ${title}, and \`maxQueue\` allows no more.`,
        { advice: 'Wait for some of them, give it more workers, or raise `maxQueue`.' },
      )
    }
    return new Promise((resolve, reject) => {
      const { signal, timeoutMs } = options
      const leave = (reason: PaddleError): void => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1)
        stay()
        this.#fail(waiting, reason)
        this.pump()
      }
      let unsubscribe: (() => void)[] = []
      const stay = (): void => {
        for (const each of unsubscribe) each()
        unsubscribe = []
      }
      const mayLeave = (): void => {
        unsubscribe.push(detectDeadlock(this, title, leave))
        if (timeoutMs !== undefined) {
          unsubscribe.push(this.#parts.clocks.add({ ...waitingForOthers, timeoutMs, onTimeout: leave }))
        }
        if (signal) {
          const onAbort = (): void => {
            leave(abortedBy(signal, 'The run'))
          }
          unsubscribe.push(listenForAbort(signal, onAbort))
        }
      }
      const begun = performance.now()
      const caller = new AsyncResource('PADDLE_RUN')
      const waiting: Waiting = { task, options, begun, tries: 0, resolve, reject, mayLeave, stay, caller }
      this.#queue.push(waiting)
      mayLeave()
      for (const slot of this.#slots) slot.retry()
      this.pump()
    })
  }

  /** Assigns queued runs to free slots; called whenever a slot may have become free. */
  pump(): void {
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      const [slot] = this.#slots.filter(({ isFree }) => isFree).sort((a, b) => a.running - b.running)
      if (!slot) break
      this.#queue.shift()
      next.stay()
      next.caller.runInAsyncScope(() => void this.#runOn(slot, next))
    }
    const failures = this.#slots.flatMap(({ failure }) => (failure === undefined ? [] : [failure]))
    if (failures.length === this.#slots.length) this.#rejectWaiting(failures[0])
    if (this.#isIdle()) for (const resolve of this.#idle.splice(0)) resolve()
  }

  holders(): readonly (WriteScope | undefined)[] {
    return this.#slots.flatMap((slot) => slot.holders())
  }

  /** Settles when no run is queued or in progress. */
  async idle(): Promise<void> {
    if (!this.#isIdle()) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  /** Rejects queued runs; runs in progress are not retried any more. */
  close(reason: unknown): void {
    this.#closed = true
    this.#rejectWaiting(reason)
    this.pump()
  }

  #rejectWaiting(reason: unknown): void {
    for (const waiting of this.#queue.splice(0)) {
      waiting.stay()
      this.#fail(waiting, reason)
    }
  }

  stats(): PoolStats {
    const workers = this.#slots.map(({ pid, running }) => ({ pid, running, rssBytes: memoryInUse(pid) }))
    return {
      queued: this.#queue.length,
      running: sum(workers.map(({ running }) => running)),
      done: sum(this.#counts.map(({ done }) => done)),
      failed: sum(this.#counts.map(({ failed }) => failed)),
      restarts: sum(this.#slots.map(({ restarts }) => restarts)),
      retries: sum(this.#counts.map(({ retries }) => retries)),
      recycled: sum(this.#slots.map(({ recycled }) => recycled)),
      latencyMs: this.#latencies.percentiles(),
      workers,
    }
  }

  /** Run counts and latencies of one model. */
  statsOf(model: number): Omit<ModelStats, 'loadedBytes'> {
    const { done, failed, retries, latencies } = this.#countsOf(model)
    return { done, failed, retries, latencyMs: latencies.percentiles() }
  }

  #countsOf(model: number): RunCounts {
    const counts = this.#counts[model]
    if (!counts) throw new TypeError(`The pool has no model ${model}.`)
    return counts
  }

  async #runOn(slot: PoolSlot, waiting: Waiting): Promise<void> {
    const { task, options, begun, resolve } = waiting
    const { pid } = slot
    this.#underWay += 1
    const state = { begun: false }
    const onBegin = (): void => {
      state.begun = true
    }
    try {
      const { outputs } = await slot.run({ ...task, onBegin }, options)
      const counts = this.#countsOf(task.model)
      const milliseconds = performance.now() - begun
      counts.done += 1
      for (const latencies of [this.#latencies, counts.latencies]) latencies.add(milliseconds)
      resolve(outputs)
    } catch (error) {
      const isTry = state.begun && isRetryable(error)
      if (isTry) waiting.tries += 1
      const { tries } = waiting
      const { retries = this.#parts.retries } = options
      if (!this.#closed && mayRetry(error, { tries, retries, hasBegun: state.begun })) {
        if (isTry) this.#tellRetry(slot, pid, waiting, error)
        // The run goes to the front of the queue.
        this.#queue.unshift(waiting)
        waiting.mayLeave()
      } else {
        this.#fail(waiting, isTry && tries > 1 ? error.with({ details: { tries } }) : error)
      }
    }
    this.#underWay -= 1
    this.pump()
  }

  #fail({ task, reject }: Waiting, reason: unknown): void {
    this.#countsOf(task.model).failed += 1
    reject(reason)
  }

  #tellRetry(slot: PoolSlot, pid: number | undefined, waiting: Waiting, error: PaddleError): void {
    const { task, tries, options } = waiting
    this.#countsOf(task.model).retries += 1
    const { retries = this.#parts.retries } = options
    const model = this.#parts.names?.[task.model]
    this.#parts.emit({
      ...{ type: 'retry', worker: slot.index, pid, attempt: tries + 1, retries, error },
      ...(model !== undefined && { model }),
    })
  }

  #isIdle(): boolean {
    return this.#queue.length === 0 && this.#underWay === 0 && this.#slots.every(({ isIdle }) => isIdle)
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
