import { abortedBy, codeOf, PaddleError } from '../../errors.js'
import type { Outputs } from '../outputs.js'
import type { RunOptions } from '../run-options.js'
import type { RunTask } from '../runner.js'
import type { PoolSlot } from './slot.js'
import { Latencies, rssOf, type PoolStats } from './stats.js'

interface Waiting {
  readonly task: RunTask
  readonly options: RunOptions
  readonly begun: number
  readonly resolve: (outputs: Outputs) => void
  readonly reject: (error: unknown) => void
  /** Leaves the queue by its signal from now on, and no longer. */
  readonly mayLeave: () => void
  readonly stay: () => void
}

/** Gives runs to the slot that has the least to do, and keeps those for which none is free. */
export class Dispatcher {
  readonly #title: string
  readonly #slots: readonly PoolSlot[]
  readonly #maxQueue: number
  readonly #queue: Waiting[] = []
  readonly #latencies = new Latencies()
  readonly #idle: (() => void)[] = []
  #closed = false
  #done = 0
  #failed = 0

  constructor(title: string, slots: readonly PoolSlot[], maxQueue: number) {
    this.#title = title
    this.#slots = slots
    this.#maxQueue = maxQueue
  }

  /** @throws PaddleError QUEUE_FULL, ABORTED and as `Predictor.run` */
  async run(task: RunTask, options: RunOptions): Promise<Outputs> {
    if (this.#queue.length >= this.#maxQueue && !this.#slots.some(({ isFree }) => isFree)) {
      const runs = this.#queue.length === 1 ? '1 run waits' : `${this.#queue.length} runs wait`
      throw new PaddleError(
        'QUEUE_FULL',
        `${runs} for the pool of ${this.#title}, and \`maxQueue\` allows no more.\n` +
          'Wait for some of them, give it more workers, or raise maxQueue.',
      )
    }
    return new Promise((resolve, reject) => {
      const { signal } = options
      const leave = (): void => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1)
        this.#failed += 1
        if (signal) reject(abortedBy(signal, 'The run'))
        this.pump()
      }
      const stay = (): void => {
        signal?.removeEventListener('abort', leave)
      }
      const mayLeave = (): void => {
        signal?.addEventListener('abort', leave, { once: true })
      }
      const begun = performance.now()
      const waiting: Waiting = { task, options, begun, resolve, reject, mayLeave, stay }
      mayLeave()
      this.#queue.push(waiting)
      for (const slot of this.#slots) if (slot.failure !== undefined) slot.restart()
      this.pump()
    })
  }

  /** Gives what waits to slots that have room; called whenever that may have changed. */
  pump(): void {
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      const [slot] = this.#slots.filter(({ isFree }) => isFree).sort((a, b) => a.running - b.running)
      if (!slot) break
      this.#queue.shift()
      next.stay()
      void this.#runOn(slot, next)
    }
    const failures = this.#slots.flatMap(({ failure }) => (failure === undefined ? [] : [failure]))
    if (failures.length === this.#slots.length) this.#rejectWaiting(failures[0])
    if (this.#isIdle()) for (const tell of this.#idle.splice(0)) tell()
  }

  /** Settles when nothing waits and nothing runs. */
  async idle(): Promise<void> {
    if (!this.#isIdle()) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  /** Rejects what waits; what is under way is not given to another worker any more. */
  close(reason: unknown): void {
    this.#closed = true
    this.#rejectWaiting(reason)
  }

  #rejectWaiting(reason: unknown): void {
    for (const { stay, reject } of this.#queue.splice(0)) {
      stay()
      this.#failed += 1
      reject(reason)
    }
  }

  stats(): PoolStats {
    const workers = this.#slots.map(({ predictor, running }) => {
      const pid = predictor?.info.pid
      return { pid, running, rssBytes: rssOf(pid) }
    })
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
    return {
      queued: this.#queue.length,
      running: sum(workers.map(({ running }) => running)),
      done: this.#done,
      failed: this.#failed,
      restarts: sum(this.#slots.map(({ restarts }) => restarts)),
      latencyMs: this.#latencies.percentiles(),
      workers,
    }
  }

  async #runOn(slot: PoolSlot, waiting: Waiting): Promise<void> {
    const { task, options, begun, resolve, reject } = waiting
    try {
      const { outputs } = await slot.run(task, options)
      this.#done += 1
      this.#latencies.add(performance.now() - begun)
      resolve(outputs)
    } catch (error) {
      if (codeOf(error) === 'PREDICTOR_CLOSED' && !this.#closed) {
        // Another run that took too long, or was aborted, has ended its worker: it goes to the next one, before all others.
        waiting.mayLeave()
        this.#queue.unshift(waiting)
      } else {
        this.#failed += 1
        reject(error)
      }
    }
    this.pump()
  }

  #isIdle(): boolean {
    return this.#queue.length === 0 && this.#slots.every(({ running }) => running === 0)
  }
}
