import { startTimer, type Timer } from '../../async/index.js'
import type { Lane } from '../../bridge/index.js'
import { codeOf, PaddleError, shortMessageOf } from '../../errors.js'
import type { Wording } from '../../wording.js'
import type { WriteScope } from '../io/write-deadlock.js'
import type { WaitOptions } from '../options/index.js'
import type { Predictor } from '../predictor.js'
import type { RunResult, RunTask } from '../worker/runner.js'
import { renewalReason, type PoolWorker, type RenewalLimits } from './pool-worker.js'
import { RestartBackoff } from './restart-backoff.js'
import { WorkerStarter, type StarterParts } from './worker-starter.js'

/** What a pool passes to a slot. */
export interface SlotParts extends StarterParts {
  /** The models, as error messages name them. */
  readonly title: string
  readonly limits: RenewalLimits
}

/** How many times a slot tries to start a worker that dies while the pool is being created. */
const firstTries = 3

/** The pause after a failed recycling before the next attempt. */
const renewalPauseMs = 10_000

/** A place in a pool that always holds one worker: when it ends, another one starts. */
export class PoolSlot {
  readonly #parts: SlotParts
  readonly #backOff = new RestartBackoff()
  readonly #starter: WorkerStarter
  /** The current worker, and retired ones that still finish their runs. */
  readonly #alive = new Set<PoolWorker>()
  #current: PoolWorker | undefined
  #starting: Promise<void> | undefined
  #waiting: Timer | undefined
  #failure: unknown
  #renewAfter = 0
  /** Resumes the clocks when the slot has a worker again. */
  #startClocks: (() => void) | undefined
  #restarts = 0
  #recycled = 0

  constructor(parts: SlotParts) {
    this.#parts = parts
    this.#starter = new WorkerStarter(
      parts,
      (isAnswered) => {
        this.#onSettled(isAnswered)
      },
      () => this.#current?.runner.answered ?? 0,
    )
  }

  get index(): number {
    return this.#parts.index
  }

  /** The predictors of the current worker, one per model; empty while it starts. */
  get predictors(): readonly Predictor[] {
    return this.#current?.predictors ?? []
  }

  /** The process ID of the current worker; undefined while it starts. */
  get pid(): number | undefined {
    return this.#current?.runner.pid
  }

  get running(): number {
    return [...this.#alive].reduce((sum, { runner }) => sum + runner.running, 0)
  }

  /** Whether its workers have no pending runs or other requests. */
  get isIdle(): boolean {
    return [...this.#alive].every(({ runner }) => runner.isIdle)
  }

  get restarts(): number {
    return this.#restarts
  }

  get recycled(): number {
    return this.#recycled
  }

  /** Why the slot has no worker and starts none. */
  get failure(): unknown {
    return this.#failure
  }

  /** Whether the slot can take a run now. */
  get isFree(): boolean {
    return this.#current?.isFree === true
  }

  /** The scopes that hold the lanes; a worker that is starting will have free ones. */
  holders(): readonly (WriteScope | undefined)[] {
    return this.#current?.runner.holders() ?? [undefined]
  }

  /**
   * Starts the first worker.
   *
   * @param lanes - memory that the worker takes over
   * @throws PaddleError as `createPredictor`
   */
  async start(lanes?: readonly Lane[]): Promise<void> {
    if (lanes) this.#starter.takeOver(lanes)
    for (let tries = 1; ; tries += 1) {
      try {
        this.#adopt(await this.#starter.start())
        return
      } catch (error) {
        const hasDied = codeOf(error) === 'WORKER_DIED' || codeOf(error) === 'WORKER_START_FAILED'
        if (this.#starter.isClosing || !hasDied || tries === firstTries) throw error
      }
    }
  }

  /** Starts a worker if the slot has given up, unless too many failed within the last seconds. */
  retry(): void {
    if (this.#failure === undefined || !this.#backOff.mayTry(performance.now())) return
    this.#failure = undefined
    this.#startIn(0)
  }

  /** @throws PaddleError as `Predictor.run` */
  async run(task: RunTask, options: WaitOptions): Promise<RunResult> {
    const worker = this.#current
    if (!worker) throw new TypeError('The worker has not been started.')
    return worker.runner.run(task, options)
  }

  /** A run or another request has settled, on the pool or on a predictor from `retrieve`. */
  #onSettled(isAnswered: boolean): void {
    if (isAnswered) this.#backOff.succeeded()
    for (const worker of this.#alive) worker.endWhereDue()
    if (this.#current) this.#renewWhereDue(this.#current, isAnswered)
    this.#parts.changed()
  }

  async close(): Promise<void> {
    this.#starter.startClosing()
    this.#waiting?.stop()
    this.#resumeClocks()
    await this.#starting
    await Promise.all([...this.#alive].map(async ({ runner }) => runner.close()))
    this.#starter.close()
  }

  #adopt(worker: PoolWorker): void {
    this.#alive.add(worker)
    this.#current = worker
    this.#failure = undefined
    this.#resumeClocks()
    const { runner } = worker
    void runner.over.then(() => {
      this.#alive.delete(worker)
      if (this.#current !== worker) return
      this.#current = undefined
      this.#pauseClocks()
      // If a recycling is in progress, its new worker is the replacement.
      if (!this.#starting) this.#replace(runner.diedAt !== undefined, runner.closedBy ?? runner.reason)
    })
  }

  /** Stops the timeouts of waiting runs while a worker starts. */
  #pauseClocks(): void {
    if (!this.#starter.isClosing) this.#startClocks ??= this.#parts.clocks.busy()
  }

  #resumeClocks(): void {
    this.#startClocks?.()
    this.#startClocks = undefined
  }

  /** Restarts the worker after a delay, or gives up. */
  #replace(begun: boolean, cause: unknown): void {
    if (this.#starter.isClosing) return
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
      this.#adopt(await this.#starter.start())
    } catch (cause) {
      failure = { cause }
    }
    this.#starting = undefined
    if (failure) this.#replace(false, failure.cause)
    this.#parts.changed()
  }

  #renewWhereDue(worker: PoolWorker, isAnswered: boolean): void {
    if (this.#starting || this.#starter.isClosing) return
    if (performance.now() < this.#renewAfter) return
    const { runner, isStuck } = worker
    const { pid, answered: runs } = runner
    const due =
      isAnswered || isStuck ? renewalReason(this.#parts.limits, { pid, answered: runs, isStuck }) : undefined
    if (!due) return
    if (isStuck) this.#pauseClocks()
    this.#parts.emit({ type: 'recycle', worker: this.#parts.index, pid, runs, ...due })
    this.#recycled += 1
    this.#starting = this.#renew(worker)
  }

  /** Starts a new worker beside the old one, which keeps running until the new one is ready. */
  async #renew(worker: PoolWorker): Promise<void> {
    try {
      const next = await this.#starter.start()
      this.#adopt(next)
      worker.retire()
      this.#starting = undefined
    } catch (error) {
      this.#starting = undefined
      // The old worker stays, if it is alive; recycling is retried later.
      this.#renewAfter = performance.now() + renewalPauseMs
      if (this.#current) this.#resumeClocks()
      else this.#replace(false, error)
    }
    this.#parts.changed()
  }

  #fail(cause: unknown): void {
    this.#resumeClocks()
    const last = cause === undefined ? '' : ` The last one: ${shortMessageOf(cause)}`
    this.#failure = new PaddleError(
      'POOL_FAILED',
      `${this.#backOff.ended} workers of the pool of ${this.#parts.title} ended in a row without completing a run.${last}`,
      {
        cause,
        details: cause instanceof PaddleError ? cause.details : undefined,
        advice: [...adviceOf(cause), findCause],
      },
    )
    this.#parts.changed()
  }
}

/** What to do about the last failure, if it was a time limit or a signal. */
function adviceOf(cause: unknown): readonly Wording[] {
  if (!(cause instanceof PaddleError) || cause.advice === undefined) return []
  const isExplained = cause.code === 'TIMEOUT' || cause.details?.signal != null
  return isExplained ? [cause.advice, '\n'] : []
}

const findCause: Wording = {
  library:
    'To find the cause, set `onEvent`, which reports why each worker ended. A run after ten seconds starts another worker.',
  command:
    'To find the cause: paddle-ts infer --verbose logs why each worker ended, and paddle-ts doctor checks the Python.',
}
