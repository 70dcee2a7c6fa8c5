import { codeOf, messageOf, PaddleError } from '../../errors.js'
import { startTimer, type Timer } from '../../timer.js'
import { runsPerWorker, type Opened, type Place } from '../create-predictor.js'
import type { HealingListener } from '../healing-worker.js'
import type { IdleClocks } from '../idle-clocks.js'
import { Lanes } from '../lanes.js'
import type { WaitOptions } from '../options.js'
import type { Predictor } from '../predictor.js'
import type { RunnerListener, RunResult, RunTask } from '../runner.js'
import type { WriteScope } from '../write-scope.js'
import { BackOff } from './back-off.js'
import type { PoolEventListener } from './events.js'
import { PoolWorker } from './pool-worker.js'
import { renewalOf, type RenewalLimits } from './renewal.js'

/** What a slot is given by its pool. */
export interface SlotParts {
  /** Its place in the pool, from 0. */
  readonly index: number
  /** The model, as errors name it. */
  readonly model: string
  /** Starts a worker. */
  readonly open: (place: Omit<Place, 'arena'>) => Promise<Opened>
  readonly limits: RenewalLimits
  readonly emit: PoolEventListener
  /** Of what waits for the pool. */
  readonly clocks: IdleClocks
  /** Is called whenever the slot can take more, or no longer can take any. */
  readonly changed: () => void
}

/** How often a worker that dies while the pool is being created is started again. */
const firstTries = 3

/** How long a renewal that failed is not tried again. */
const renewalPauseMs = 10_000

/** One worker's place in a pool: when its worker ends, another one takes it. */
export class PoolSlot {
  readonly #parts: SlotParts
  readonly #backOff = new BackOff()
  readonly #healing: HealingListener
  /** Those that still finish what they have, and the current one. */
  readonly #alive = new Set<PoolWorker>()
  #current: PoolWorker | undefined
  /** The memory of the last worker that died. */
  #lanes: Lanes | undefined
  #starting: Promise<void> | undefined
  #waiting: Timer | undefined
  #failure: unknown
  #renewAfter = 0
  /** What is to be called when a worker is there again. */
  #startClocks: (() => void) | undefined
  #closing = false
  #restarts = 0
  #recycled = 0

  constructor(parts: SlotParts) {
    this.#parts = parts
    const { index: worker, emit } = parts
    this.#healing = {
      started: (pid, startMs) => {
        emit({ type: 'workerStart', worker, pid, startMs })
      },
      ended: (pid, { exitCode, signal }, expected) => {
        const runs = this.#current?.answered ?? 0
        const how = { exitCode, signal, expected: expected || this.#closing, error: undefined }
        emit({ type: 'workerExit', worker, pid, runs, ...how })
      },
    }
  }

  get index(): number {
    return this.#parts.index
  }

  /** The predictor, unless it is being started. */
  get predictor(): Predictor | undefined {
    return this.#current?.predictor
  }

  /** The process of its worker, unless it is being started. */
  get pid(): number | undefined {
    return this.#current?.pid
  }

  get running(): number {
    return [...this.#alive].reduce((sum, { running }) => sum + running, 0)
  }

  /** Whether its workers have neither runs nor questions. */
  get isIdle(): boolean {
    return [...this.#alive].every(({ isIdle }) => isIdle)
  }

  get restarts(): number {
    return this.#restarts
  }

  get recycled(): number {
    return this.#recycled
  }

  /** Why there is no worker and none is being started. */
  get failure(): unknown {
    return this.#failure
  }

  /** Whether a run can be given to it now. */
  get isFree(): boolean {
    return this.#current?.isFree === true
  }

  /** Of its places; those of a worker that is being started come free. */
  holders(): readonly (WriteScope | undefined)[] {
    return this.#current?.holders() ?? [undefined]
  }

  /** @throws PaddleError as `createPredictor` */
  async start(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        this.#adopt(await this.#open())
        return
      } catch (error) {
        const hasDied = codeOf(error) === 'WORKER_DIED' || codeOf(error) === 'WORKER_START_FAILED'
        if (this.#closing || !hasDied || tries === firstTries) throw error
      }
    }
  }

  /** Starts a worker where there is none and none will be, unless too many have failed a moment ago. */
  retry(): void {
    if (this.#failure === undefined || !this.#backOff.mayTry(performance.now())) return
    this.#failure = undefined
    this.#startIn(0)
  }

  /** @throws PaddleError as `Predictor.run` */
  async run(task: RunTask, options: WaitOptions): Promise<RunResult> {
    const worker = this.#current
    if (!worker) throw new TypeError('The worker has not been started.')
    return worker.run(task, options)
  }

  /** A run or a question has ended: the pool's own, or of a predictor that it has handed out. */
  #onSettled(isAnswered: boolean): void {
    if (isAnswered) this.#backOff.succeeded()
    for (const worker of this.#alive) worker.endWhereDue()
    if (this.#current) this.#renewWhereDue(this.#current, isAnswered)
    this.#parts.changed()
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#waiting?.stop()
    this.#resumeClocks()
    await this.#starting
    await Promise.all([...this.#alive].map(async (worker) => worker.close()))
    this.#lanes?.close()
  }

  /** Starts a worker in memory of its own, or in that of one that has died. */
  async #open(): Promise<PoolWorker> {
    const { index, open, emit } = this.#parts
    const begun = performance.now()
    const lanes = this.#lanes ?? new Lanes(runsPerWorker, this.#parts.changed)
    this.#lanes = undefined
    const running: RunnerListener = {
      onBusy: () => this.#parts.clocks.busy(),
      onSettled: (isAnswered) => {
        this.#onSettled(isAnswered)
      },
    }
    try {
      lanes.replaceAbandoned()
      const worker = new PoolWorker(await open({ lanes, healing: this.#healing, running }), lanes)
      emit({ type: 'workerStart', worker: index, pid: worker.pid, startMs: performance.now() - begun })
      return worker
    } catch (error) {
      this.#keep(lanes)
      if (error instanceof PaddleError && !this.#closing) {
        const how = { exitCode: null, signal: null, expected: false, error }
        emit({ type: 'workerExit', worker: index, pid: undefined, runs: 0, ...how })
      }
      throw error
    }
  }

  #adopt(worker: PoolWorker): void {
    this.#alive.add(worker)
    this.#current = worker
    this.#failure = undefined
    this.#resumeClocks()
    void worker.over.then(({ exitCode, signal }) => {
      this.#alive.delete(worker)
      const { pid, answered: runs, endedFor: error, isComputing } = worker
      const expected = this.#closing || (worker.isRetired && !isComputing)
      this.#parts.emit({
        type: 'workerExit',
        ...{ worker: this.#parts.index, pid, runs, exitCode, signal, expected, error },
      })
      if (this.#closing || worker.isRetired) worker.lanes.close()
      else this.#keep(worker.lanes)
      if (this.#current !== worker) return
      this.#current = undefined
      this.#pauseClocks()
      // One that is being started to renew it is its successor all the same.
      if (!this.#starting) this.#replace(isComputing, worker.reason)
    })
  }

  /** No time passes for what waits while a worker is started. */
  #pauseClocks(): void {
    if (!this.#closing) this.#startClocks ??= this.#parts.clocks.busy()
  }

  #resumeClocks(): void {
    this.#startClocks?.()
    this.#startClocks = undefined
  }

  /** Keeps memory for the next worker; of two, one. */
  #keep(lanes: Lanes): void {
    if (this.#lanes || this.#closing) lanes.close()
    else this.#lanes = lanes
  }

  /** Starts another worker in a while, or gives up. */
  #replace(begun: boolean, cause: unknown): void {
    if (this.#closing) return
    const delayMs = this.#backOff.failed(begun, performance.now())
    if (delayMs === undefined) this.#fail(cause)
    else this.#startIn(delayMs)
  }

  #startIn(delayMs: number): void {
    this.#restarts += 1
    this.#pauseClocks()
    this.#waiting = startTimer(delayMs, () => {
      this.#starting = this.#restart()
    })
  }

  async #restart(): Promise<void> {
    let failure: { readonly cause: unknown } | undefined
    try {
      this.#adopt(await this.#open())
    } catch (cause) {
      failure = { cause }
    }
    this.#starting = undefined
    if (failure) this.#replace(false, failure.cause)
    this.#parts.changed()
  }

  #renewWhereDue(worker: PoolWorker, isAnswered: boolean): void {
    if (this.#starting || this.#closing) return
    if (performance.now() < this.#renewAfter) return
    const { pid, answered: runs, isStuck } = worker
    const due = isAnswered || isStuck ? renewalOf(this.#parts.limits, worker) : undefined
    if (!due) return
    if (isStuck) this.#pauseClocks()
    this.#parts.emit({ type: 'recycle', worker: this.#parts.index, pid, runs, ...due })
    this.#recycled += 1
    this.#starting = this.#renew(worker)
  }

  /** Starts a worker beside the one that it is to replace, which goes on until then. */
  async #renew(worker: PoolWorker): Promise<void> {
    try {
      const next = await this.#open()
      this.#adopt(next)
      worker.retire()
      this.#starting = undefined
    } catch (error) {
      this.#starting = undefined
      // The old one stays, if it still lives; it is tried again later.
      this.#renewAfter = performance.now() + renewalPauseMs
      if (this.#current) this.#resumeClocks()
      else this.#replace(false, error)
    }
    this.#parts.changed()
  }

  #fail(cause: unknown): void {
    this.#resumeClocks()
    const last = cause === undefined ? '' : ` The last one: ${messageOf(cause)}`
    this.#failure = new PaddleError(
      'POOL_FAILED',
      `${this.#backOff.ended} workers of the pool of ${this.#parts.model} have ended one after the other without answering a run.${last}\n` +
        'See what ends them: run the model on one predictor (createPredictor). A run after ten seconds starts another one.',
      { cause },
    )
    this.#parts.changed()
  }
}
