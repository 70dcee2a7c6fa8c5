import { startTimer, type Timer } from '../../async/index.js'
import type { Lane } from '../../bridge/index.js'
import { codeOf, PaddleError, shortMessageOf } from '../../errors.js'
import type { WriteScope } from '../io/write-deadlock.js'
import type { WaitOptions } from '../options/index.js'
import type { Predictor } from '../predictor.js'
import type { RunResult, RunTask } from '../worker/runner.js'
import { renewalReason, type PoolWorker, type RenewalLimits } from './pool-worker.js'
import { RestartBackoff } from './restart-backoff.js'
import { WorkerStarter, type StarterParts } from './worker-starter.js'

/** What a slot is given by its pool. */
export interface SlotParts extends StarterParts {
  /** The models, as errors name them. */
  readonly title: string
  readonly limits: RenewalLimits
}

/** How often a worker that dies while the pool is being created is started again. */
const firstTries = 3

/** How long a renewal that failed is not tried again. */
const renewalPauseMs = 10_000

/** One worker's place in a pool: when its worker ends, another one takes it. */
export class PoolSlot {
  readonly #parts: SlotParts
  readonly #backOff = new RestartBackoff()
  readonly #starter: WorkerStarter
  /** Those that still finish what they have, and the current one. */
  readonly #alive = new Set<PoolWorker>()
  #current: PoolWorker | undefined
  #starting: Promise<void> | undefined
  #waiting: Timer | undefined
  #failure: unknown
  #renewAfter = 0
  /** What is to be called when a worker is there again. */
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

  /** The predictors of its worker, one for each model; none while it is started. */
  get predictors(): readonly Predictor[] {
    return this.#current?.predictors ?? []
  }

  /** The process of its worker, unless it is being started. */
  get pid(): number | undefined {
    return this.#current?.runner.pid
  }

  get running(): number {
    return [...this.#alive].reduce((sum, { runner }) => sum + runner.running, 0)
  }

  /** Whether its workers have neither runs nor questions. */
  get isIdle(): boolean {
    return [...this.#alive].every(({ runner }) => runner.isIdle)
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
    return this.#current?.runner.holders() ?? [undefined]
  }

  /**
   * @param lanes - memory that its first worker takes over
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
    return worker.runner.run(task, options)
  }

  /** A run or a question has ended: the pool's own, or of a predictor that it has handed out. */
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
      // One that is being started to renew it is its successor all the same.
      if (!this.#starting) this.#replace(runner.diedAt !== undefined, runner.closedBy ?? runner.reason)
    })
  }

  /** No time passes for what waits while a worker is started. */
  #pauseClocks(): void {
    if (!this.#starter.isClosing) this.#startClocks ??= this.#parts.clocks.busy()
  }

  #resumeClocks(): void {
    this.#startClocks?.()
    this.#startClocks = undefined
  }

  /** Starts another worker in a while, or gives up. */
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

  /** Starts a worker beside the one that it is to replace, which goes on until then. */
  async #renew(worker: PoolWorker): Promise<void> {
    try {
      const next = await this.#starter.start()
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
    const last = cause === undefined ? '' : ` The last one: ${shortMessageOf(cause)}`
    this.#failure = new PaddleError(
      'POOL_FAILED',
      `${this.#backOff.ended} workers of the pool of ${this.#parts.title} have ended one after the other without answering a run.${last}`,
      {
        cause,
        details: cause instanceof PaddleError ? cause.details : undefined,
        advice:
          'See what ends them: run the model on one predictor (createPredictor). A run after ten seconds starts another one.',
      },
    )
    this.#parts.changed()
  }
}
