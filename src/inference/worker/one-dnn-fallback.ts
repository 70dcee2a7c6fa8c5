import type { AskRequest, Death, LoadedModel, RunReply, RunRequest, Worker } from '../../bridge/index.js'
import { poolForm } from '../pool/pool-options.js'
import type { LaunchPlan, ModelPlan, WorkerMemory } from './launch-plan.js'
import { oneDnnSuspicion, withoutOneDnnAdvice, type OneDnnSuspicion } from './one-dnn-suspicion.js'
import { startWorker } from './start-worker.js'

/**
 * Is called when a worker begins to compute a run, and when the run pauses because another worker starts for
 * it.
 */
export interface ComputeListener {
  readonly begin: () => void
  readonly pause: () => void
}

/** Is notified when workers start and end during a fallback. */
export interface FallbackListener {
  started(pid: number | undefined, startMs: number): void
  /** @param expected Whether it was ended because it is no longer needed. */
  ended(worker: Worker, death: Death, expected: boolean): void
}

/**
 * A worker that is replaced once by a worker without oneDNN if a model turns out not to work with it
 * (`oneDnn: 'auto'`); the failed run is then run again.
 */
export class FallbackWorker {
  readonly #plan: LaunchPlan
  readonly #memory: WorkerMemory
  readonly #stop = new AbortController()
  readonly #alive = new Set<Worker>()
  readonly #dismissed = new WeakSet<Worker>()
  /** The suspicions that a fallback was tried for without success, per model. */
  readonly #tried = new Map<ModelPlan, Set<OneDnnSuspicion>>()
  readonly #haveRun = new Set<ModelPlan>()
  readonly #hooks = new Map<string, AskRequest>()
  /** Settles when there is no worker any more, because it died or was closed: how the last one ended. */
  readonly over: Promise<Death>
  #isOver: (death: Promise<Death>) => void = () => undefined
  /** Set by a pool, which retries failed runs. */
  readonly #listener: FallbackListener | undefined
  #worker: Worker
  #healing: Promise<unknown> | undefined
  #active = 0

  private constructor(plan: LaunchPlan, memory: WorkerMemory, worker: Worker, listener?: FallbackListener) {
    this.#plan = plan
    this.#memory = memory
    this.#listener = listener
    this.over = new Promise((resolve) => {
      this.#isOver = resolve
    })
    this.#worker = this.#watch(worker)
  }

  /**
   * @param listener Set by a pool, which retries the run of a dead worker on another worker: a death then
   * counts as accidental once the model has run with oneDNN.
   * @throws as `startWorker`
   */
  static async start(
    plan: LaunchPlan,
    memory: WorkerMemory,
    stop: AbortSignal,
    listener?: FallbackListener,
  ): Promise<FallbackWorker> {
    return new FallbackWorker(plan, memory, await startWorker(plan, memory, stop), listener)
  }

  /** The worker that runs are sent to now. */
  get current(): Worker {
    return this.#worker
  }

  /** The models, as error messages name them. */
  get title(): string {
    return this.#plan.title
  }

  /** What the current worker has loaded for this model. */
  loaded(model: number): LoadedModel {
    const loaded = this.#worker.models[model]
    if (!loaded) throw new TypeError(`The worker has no model ${model}.`)
    return loaded
  }

  /** Whether the model always runs with oneDNN, because the caller requested it. */
  insistsOnOneDnn(model: number): boolean {
    return !this.#plan.model(model).parts.allowsOneDnnFallback && hasOneDnn(this.#worker, model)
  }

  /** Whether there is a worker, or one is starting. */
  get isAlive(): boolean {
    return this.#healing !== undefined || !this.#worker.ended
  }

  /** @throws PaddleError WORKER_DIED if the worker has ended and no replacement is starting */
  checkAlive(): void {
    if (this.#healing) return
    try {
      this.#worker.checkAlive()
    } catch (error) {
      const { crashesWithoutOneDnn } = this.#plan.model(this.#worker.diedAt ?? 0)
      throw crashesWithoutOneDnn ? withoutOneDnnAdvice(error) : error
    }
  }

  /** @throws PaddleError as `Worker.run` */
  async run(request: RunRequest, turn: ComputeListener): Promise<RunReply> {
    this.#active += 1
    try {
      if (this.#worker.ended) await this.#healed()
      return await this.#runOn(this.#worker, request, turn)
    } catch (error) {
      const { crashesWithoutOneDnn } = this.#plan.model(request.model)
      throw crashesWithoutOneDnn ? withoutOneDnnAdvice(error) : error
    } finally {
      this.#active -= 1
      this.#tidy()
    }
  }

  /** @throws PaddleError RUN_FAILED, WORKER_DIED */
  async ask(question: AskRequest): Promise<number | null> {
    await this.#healed()
    const worker = this.#worker
    try {
      const { value } = await worker.ask(question)
      const { model, ask } = question
      if (ask === 'hookInputs' || ask === 'hookOutputs') this.#hooks.set(`${ask} ${model}`, question)
      return value
    } catch (error) {
      // A run before it may have ended the worker.
      await this.#healed()
      if (this.#worker === worker) throw error
      return this.ask(question)
    }
  }

  /** Ends every worker and waits until they have exited. May be called more than once. */
  async close(): Promise<void> {
    this.#stop.abort()
    await Promise.all([...this.#alive].map(async (worker) => worker.close()))
    await this.#healing
    this.#isOver(this.#worker.end)
  }

  async #runOn(worker: Worker, request: RunRequest, turn: ComputeListener): Promise<RunReply> {
    const model = this.#plan.model(request.model)
    const state = { hasBegun: false }
    const onTurn = (): void => {
      state.hasBegun = true
      turn.begin()
    }
    try {
      const reply = await worker.run(request, onTurn)
      this.#haveRun.add(model)
      if (hasOneDnn(worker, request.model)) model.hasRunWithOneDnn = true
      return reply
    } catch (error) {
      const mayBeOneDnn = (): boolean => state.hasBegun && this.#mayBeOneDnn(worker, request.model, error)
      // A run that had not begun can only fail because another run ended the worker.
      if (state.hasBegun ? !mayBeOneDnn() : !worker.ended) throw error
      turn.pause()
      // Another run of this worker may already be in a fallback, and find that oneDNN is not the cause.
      // Otherwise this run starts the fallback before any other can, because nothing is awaited in between.
      while (this.#healing) await this.#healing
      if (this.#stop.signal.aborted) throw error
      // The other fallback may have disabled oneDNN for another model.
      if (this.#worker !== worker) return await this.#runOn(this.#worker, request, turn)
      if (!mayBeOneDnn()) throw error
      return await this.#heal(error, request, turn)
    }
  }

  async #healed(): Promise<void> {
    while (this.#healing) await this.#healing
  }

  #mayBeOneDnn(worker: Worker, index: number, error: unknown): boolean {
    const model = this.#plan.model(index)
    const suspicion = oneDnnSuspicion(error)
    if (!suspicion || this.#stop.signal.aborted || !model.parts.allowsOneDnnFallback) return false
    if (!hasOneDnn(worker, index)) return false
    if (suspicion === 'crash' && this.#listener && model.hasRunWithOneDnn) return false
    if (this.#worker !== worker) return true
    // An error that does not mention oneDNN, from a model that has run with oneDNN, is caused by the feeds.
    const wasTried = this.#tried.get(model)?.has(suspicion) === true
    return !wasTried && (suspicion !== 'any' || !this.#haveRun.has(model))
  }

  async #heal(cause: unknown, request: RunRequest, turn: ComputeListener): Promise<RunReply> {
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

  /**
   * Runs on a new worker without oneDNN for the model. If that works, the new worker stays; if not, throws
   * the first failure.
   */
  async #runWithout(cause: unknown, request: RunRequest, turn: ComputeListener): Promise<RunReply> {
    const model = this.#plan.model(request.model)
    let trial: Worker
    try {
      trial = await this.#startWithout(model)
    } catch {
      this.#giveUp(model, cause)
      throw cause
    }
    try {
      const reply = await trial.run(request, turn.begin)
      this.#adopt(trial, model, cause)
      return reply
    } catch (error) {
      this.#giveUp(model, cause)
      if (oneDnnSuspicion(cause) === 'crash' && oneDnnSuspicion(error) === 'crash')
        model.crashesWithoutOneDnn = true
      // The run fails in a better way: the first worker died of it.
      const hasDied = oneDnnSuspicion(cause) === 'crash'
      if (hasDied && !trial.ended && !this.#stop.signal.aborted) {
        this.#adopt(trial, model, cause)
        throw error
      }
      await this.#dismiss(trial)
      throw cause
    }
  }

  async #startWithout(healed: ModelPlan): Promise<Worker> {
    const begun = performance.now()
    const timeoutMs = poolForm.startTimeoutMs.default
    const [memory, stop] = [this.#memory, this.#stop.signal]
    const without = (model: ModelPlan): boolean => model === healed
    const worker = this.#watch(await this.#plan.start({ memory, stop, without, timeoutMs }))
    // `close()` did not know this worker yet, so it would stay alive.
    if (this.#stop.signal.aborted) await this.#dismiss(worker)
    this.#stop.signal.throwIfAborted()
    this.#listener?.started(worker.pid, performance.now() - begun)
    for (const question of this.#hooks.values()) await worker.ask(question)
    return worker
  }

  #giveUp(model: ModelPlan, cause: unknown): void {
    const suspicion = oneDnnSuspicion(cause)
    const tried = this.#tried.get(model) ?? new Set()
    if (suspicion) this.#tried.set(model, tried.add(suspicion))
  }

  #adopt(worker: Worker, model: ModelPlan, cause: unknown): void {
    const replaced = this.#worker
    if (replaced.ended) void replaced.end.then((death) => this.#listener?.ended(replaced, death, false))
    this.#worker = worker
    model.disableOneDnn(cause)
  }

  #watch(worker: Worker): Worker {
    this.#alive.add(worker)
    void worker.end.then((death) => {
      this.#alive.delete(worker)
      // The end of the current worker is reported through `over`, or when it is replaced.
      if (worker !== this.#worker) this.#listener?.ended(worker, death, this.#dismissed.has(worker))
      this.#tidy()
    })
    return worker
  }

  async #dismiss(worker: Worker): Promise<void> {
    if (!worker.ended) this.#dismissed.add(worker)
    await worker.close()
  }

  /** Ends replaced workers once they have replied, and settles `over` when none is left. */
  #tidy(): void {
    for (const worker of this.#alive) {
      if (worker !== this.#worker && !this.#healing && worker.pending === 0) void this.#dismiss(worker)
    }
    if (this.#worker.ended && this.#active === 0) this.#isOver(this.#worker.end)
  }
}

function hasOneDnn(worker: Worker, model: number): boolean {
  return worker.models[model]?.description.state.oneDnn === true
}
