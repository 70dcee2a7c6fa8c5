import type { AskRequest, Death, RunReply, RunRequest, Worker } from '../bridge/index.js'
import { suspicionOf, type Suspicion } from './one-dnn-failure.js'
import { poolDefaults } from './pool/pool-options.js'
import type { StartPlan, WorkerMemory } from './start-plan.js'

/** Called when a worker begins to compute a run, and when it stops because another worker is started for the run. */
export interface TurnListener {
  readonly begin: () => void
  readonly pause: () => void
}

type Question = AskRequest['ask']

/** Is told of the workers that come and go while one is healed. */
export interface HealingListener {
  started(pid: number | undefined, startMs: number): void
  /** @param expected Whether it was ended because it is not needed any more. */
  ended(pid: number | undefined, death: Death, expected: boolean): void
}

/**
 * A worker that is replaced by one without oneDNN, once, when the model turns out not to work with it (`oneDnn: 'auto'`): what
 * failed is run again there.
 */
export class HealingWorker {
  readonly #plan: StartPlan
  readonly #memory: WorkerMemory
  readonly #stop = new AbortController()
  readonly #alive = new Set<Worker>()
  readonly #dismissed = new WeakSet<Worker>()
  readonly #tried = new Set<Suspicion>()
  readonly #hooks = new Set<Question>()
  /** Settles when there is no worker any more, it has died or was closed: how the last one ended. */
  readonly over: Promise<Death>
  #isOver: (death: Promise<Death>) => void = () => undefined
  /** That of a pool, which tries again what fails. */
  readonly #listener: HealingListener | undefined
  #worker: Worker
  #healing: Promise<unknown> | undefined
  #active = 0
  #hasRun = false

  private constructor(plan: StartPlan, memory: WorkerMemory, worker: Worker, listener?: HealingListener) {
    this.#plan = plan
    this.#memory = memory
    this.#listener = listener
    this.over = new Promise((resolve) => {
      this.#isOver = resolve
    })
    this.#worker = this.#watch(worker)
  }

  /**
   * @param listener That of a pool, which tries a run whose worker died again elsewhere: there a death is taken for an accident once the
   * model has run with oneDNN.
   * @throws PaddleError as `Worker.start`; with oneDNN's own failure when it fails without oneDNN too.
   */
  static async start(
    plan: StartPlan,
    memory: WorkerMemory,
    stop: AbortSignal,
    listener?: HealingListener,
  ): Promise<HealingWorker> {
    const without = plan.oneDnnFailure !== undefined
    try {
      return new HealingWorker(plan, memory, await plan.start(memory, without, stop), listener)
    } catch (error) {
      if (without || stop.aborted || !plan.parts.mayHeal || !suspicionOf(error, plan.parts.model.program))
        throw error
      const worker = await plan.start(memory, true, stop).catch(() => {
        throw error
      })
      plan.leaveOneDnnOut(error)
      return new HealingWorker(plan, memory, worker, listener)
    }
  }

  /** The worker that runs are given to now. */
  get current(): Worker {
    return this.#worker
  }

  /** Whether it keeps to oneDNN whatever comes, because it was asked for. */
  get insistsOnOneDnn(): boolean {
    return !this.#plan.parts.mayHeal && this.#worker.description.state.oneDnn
  }

  /** Whether there is a worker, or one on its way. */
  get isAlive(): boolean {
    return this.#healing !== undefined || !this.#worker.ended
  }

  /** @throws PaddleError WORKER_DIED when the worker has ended, and none is on its way to replace it */
  checkAlive(): void {
    if (!this.#healing) this.#worker.checkAlive()
  }

  /** @throws PaddleError as `Worker.run` */
  async run(request: RunRequest, turn: TurnListener): Promise<RunReply> {
    this.#active += 1
    try {
      while (this.#worker.ended && this.#healing) await this.#healing
      return await this.#runOn(this.#worker, request, turn)
    } finally {
      this.#active -= 1
      this.#tidy()
    }
  }

  /** @throws PaddleError RUN_FAILED, WORKER_DIED */
  async ask(ask: Question): Promise<number | null> {
    await this.#healed()
    const worker = this.#worker
    try {
      const { value } = await worker.ask({ ask })
      if (ask === 'hookInputs' || ask === 'hookOutputs') this.#hooks.add(ask)
      return value
    } catch (error) {
      // A run before it may have been the worker's end.
      await this.#healed()
      if (this.#worker === worker) throw error
      return this.ask(ask)
    }
  }

  /** Ends every worker and waits until they are gone. May be called more than once. */
  async close(): Promise<void> {
    this.#stop.abort()
    await Promise.all([...this.#alive].map(async (worker) => worker.close()))
    await this.#healing
    this.#isOver(this.#worker.end)
  }

  async #runOn(worker: Worker, request: RunRequest, turn: TurnListener): Promise<RunReply> {
    try {
      const reply = await worker.run(request, turn.begin)
      this.#hasRun = true
      if (worker.description.state.oneDnn) this.#plan.hasRunWithOneDnn = true
      return reply
    } catch (error) {
      if (!this.#mayBeOneDnn(worker, error)) throw error
      turn.pause()
      // Another run of the same worker may be at it, and find that it is not oneDNN's fault. If none is, it is begun before
      // another one can get here.
      while (this.#healing) await this.#healing
      if (!this.#mayBeOneDnn(worker, error)) throw error
      if (this.#worker === worker) return await this.#heal(error, request, turn)
      return await this.#worker.run(request, turn.begin)
    }
  }

  async #healed(): Promise<void> {
    while (this.#healing) await this.#healing
  }

  #mayBeOneDnn(worker: Worker, error: unknown): boolean {
    const suspicion = suspicionOf(error, this.#worker.title)
    if (!suspicion || this.#stop.signal.aborted || !this.#plan.parts.mayHeal) return false
    if (!worker.description.state.oneDnn) return false
    if (suspicion === 'crash' && this.#listener && this.#plan.hasRunWithOneDnn) return false
    if (this.#worker !== worker) return true
    // An error that does not sound like oneDNN, from a model that has run with it, is the feeds'.
    return !this.#tried.has(suspicion) && (suspicion !== 'any' || !this.#hasRun)
  }

  async #heal(cause: unknown, request: RunRequest, turn: TurnListener): Promise<RunReply> {
    const attempt = this.#runWithout(cause, request, turn)
    this.#healing = attempt.then(
      () => undefined,
      () => undefined,
    )
    try {
      return await attempt
    } finally {
      this.#healing = undefined
    }
  }

  /** Runs on a new worker without oneDNN, which stays if it can do it; else the first one's failure is thrown. */
  async #runWithout(cause: unknown, request: RunRequest, turn: TurnListener): Promise<RunReply> {
    let trial: Worker
    try {
      trial = await this.#startWithout()
    } catch {
      this.#giveUp(cause)
      throw cause
    }
    try {
      const reply = await trial.run(request, turn.begin)
      this.#adopt(trial, cause)
      return reply
    } catch (error) {
      this.#giveUp(cause)
      // It fails in a better way: the first one has died of it.
      if (this.#worker.ended && !trial.ended && !this.#stop.signal.aborted) {
        this.#adopt(trial, cause)
        throw error
      }
      await this.#dismiss(trial)
      throw cause
    }
  }

  async #startWithout(): Promise<Worker> {
    const begun = performance.now()
    const worker = this.#watch(
      await this.#plan.start(this.#memory, true, this.#stop.signal, poolDefaults.startTimeoutMs),
    )
    // Closed before it was known, it would live on.
    if (this.#stop.signal.aborted) await this.#dismiss(worker)
    this.#stop.signal.throwIfAborted()
    this.#listener?.started(worker.pid, performance.now() - begun)
    for (const ask of this.#hooks) await worker.ask({ ask })
    return worker
  }

  #giveUp(cause: unknown): void {
    const suspicion = suspicionOf(cause, this.#worker.title)
    if (suspicion) this.#tried.add(suspicion)
  }

  #adopt(worker: Worker, cause: unknown): void {
    const { ended, end, pid } = this.#worker
    if (ended) void end.then((death) => this.#listener?.ended(pid, death, false))
    this.#worker = worker
    this.#plan.leaveOneDnnOut(cause)
  }

  #watch(worker: Worker): Worker {
    this.#alive.add(worker)
    void worker.end.then((death) => {
      this.#alive.delete(worker)
      // How the current one ended is told by whoever waits for `over`, or when it is replaced.
      if (worker !== this.#worker) this.#listener?.ended(worker.pid, death, this.#dismissed.has(worker))
      this.#tidy()
    })
    return worker
  }

  async #dismiss(worker: Worker): Promise<void> {
    if (!worker.ended) this.#dismissed.add(worker)
    await worker.close()
  }

  /** Ends workers that were replaced, once they have answered; and says when nothing is left. */
  #tidy(): void {
    for (const worker of this.#alive) {
      if (worker !== this.#worker && !this.#healing && worker.pending === 0) void this.#dismiss(worker)
    }
    if (this.#worker.ended && this.#active === 0) this.#isOver(this.#worker.end)
  }
}
