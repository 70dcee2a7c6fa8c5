import { listenForAbort, rejectOnAbortIf, withLimits } from '../../async/index.js'
import type { AskRequest, Death, Lane, PlacedTensor, RunReply } from '../../bridge/index.js'
import { PaddleError } from '../../errors.js'
import type { CheckedFeed } from '../io/feed-types.js'
import { copyHookedTensors, type SeenTensor } from '../io/hooks.js'
import { copyOutputs, withFedShapes, type Outputs } from '../io/outputs.js'
import type { WriteScope } from '../io/write-deadlock.js'
import { IdleClocks, type Limits } from '../memory/idle-timeouts.js'
import { LaneFiller, type FilledLane } from '../memory/lane-filler.js'
import type { LanePool } from '../memory/lane-pool.js'
import type { WaitOptions } from '../options/index.js'
import { ComputeClock } from './compute-clock.js'
import type { FallbackWorker } from './one-dnn-fallback.js'
import { withOneDnnAdvice } from './one-dnn-suspicion.js'

/** One run: checked feeds, and the names of the outputs to read, all of them when left out. */
export interface RunTask {
  /** Which of the worker's models. */
  readonly model: number
  readonly feeds: readonly CheckedFeed[]
  readonly fetch: readonly string[] | undefined
  /** Is called when the worker begins to compute it. */
  readonly onBegin?: () => void
}

/** What a run gave, in the caller's own memory. */
export interface RunResult {
  readonly outputs: Outputs
  readonly seen: readonly SeenTensor[]
}

/** What a runner is in a pool. */
export interface RunnerPlace {
  /** Of what waits for the pool. */
  readonly clocks: IdleClocks
  /** A run or a question has ended. */
  readonly onSettled: (isAnswered: boolean) => void
}

/** Takes runs to a worker and back: writes the feeds where there is room, keeps to the limits, copies the outputs out. */
export class Runner {
  readonly #worker: FallbackWorker
  readonly #lanes: LanePool
  readonly #arena: { readonly size: number }
  readonly #clocks: IdleClocks
  readonly #onSettled: (isAnswered: boolean) => void
  readonly #filler: LaneFiller
  #running = 0
  #asking = 0
  #answered = 0
  #closing: Promise<void> | undefined
  #closedBy: PaddleError | undefined
  #closedAt: number | undefined

  constructor(
    worker: FallbackWorker,
    lanes: LanePool,
    arena: { readonly size: number },
    place?: RunnerPlace,
  ) {
    this.#worker = worker
    this.#lanes = lanes
    this.#arena = arena
    this.#clocks = new IdleClocks(place?.clocks)
    this.#onSettled = place?.onSettled ?? (() => undefined)
    this.#filler = new LaneFiller({
      lanes,
      memory: arena,
      clocks: this.#clocks,
      title: worker.title,
      checkOpen: () => {
        this.checkOpen()
      },
    })
    void worker.over.then(() => {
      this.#endWaits()
    })
  }

  /** Whether runs can be given to it: it was not closed, by its owner or by a run that took too long, and has not died. */
  get isOpen(): boolean {
    return this.#closing === undefined && this.#worker.isAlive
  }

  /** Of the process that runs them now. */
  get pid(): number | undefined {
    return this.#worker.current.pid
  }

  /** Settles when its worker has ended for good: how. */
  get over(): Promise<Death> {
    return this.#worker.over
  }

  /** How many runs it has and has not answered. */
  get running(): number {
    return this.#running
  }

  /** Whether it has neither runs nor questions. */
  get isIdle(): boolean {
    return this.#running === 0 && this.#asking === 0
  }

  /** How many runs it has answered. */
  get answered(): number {
    return this.#answered
  }

  /** The model that its worker ran when it ended, by itself, or because that took too long or was aborted; undefined where it did nothing. */
  get diedAt(): number | undefined {
    return this.#worker.current.diedAt ?? this.#closedAt
  }

  /** The scopes of its lanes: see `WriteSlots`. */
  holders(): readonly (WriteScope | undefined)[] {
    return this.#filler.holders()
  }

  /** The run that took too long, or was aborted, and so ended the worker. */
  get closedBy(): PaddleError | undefined {
    return this.#closedBy
  }

  /** Why it is not open; undefined while it is. */
  get reason(): unknown {
    try {
      this.checkOpen()
      return undefined
    } catch (error) {
      return error
    }
  }

  /** @throws PaddleError PREDICTOR_CLOSED, WORKER_DIED */
  checkOpen(): void {
    if (this.#closing) throw this.#closedError()
    this.#worker.checkAlive()
  }

  async run(task: RunTask, { signal, timeoutMs }: WaitOptions): Promise<RunResult> {
    this.#running += 1
    let isAnswered = false
    try {
      // What nobody can abort needs no signal of its own: that costs more than all else that is done here.
      const result = signal
        ? await withLimits({ signal }, 'The run', (stop) => this.#run(task, { stop, timeoutMs }))
        : await this.#run(task, { stop: undefined, timeoutMs })
      this.#answered += 1
      isAnswered = true
      return result
    } finally {
      this.#running -= 1
      this.#onSettled(isAnswered)
    }
  }

  /**
   * Asks a predictor something between runs.
   *
   * @throws PaddleError RUN_FAILED, WORKER_DIED, PREDICTOR_CLOSED
   */
  async ask(question: AskRequest): Promise<number | null> {
    this.checkOpen()
    this.#asking += 1
    const done = this.#clocks.busy()
    try {
      return await this.#worker.ask(question)
    } catch (error) {
      throw this.#closing ? this.#closedError(error) : error
    } finally {
      done()
      this.#asking -= 1
      this.#onSettled(false)
    }
  }

  async #run(task: RunTask, limits: Limits): Promise<RunResult> {
    const { stop } = limits
    const filling = this.#filler.fill(task.feeds, limits)
    const filled = filling instanceof Promise ? await filling : filling
    // Whoever gives the run up by then, its lane is in the worker's hands until it has answered.
    const result = this.#compute(filled, task, limits).finally(() => {
      this.#lanes.release(filled.lane)
    })
    // One whose worker is being ended is waited for, so that nothing is left when it is reported.
    return stop ? rejectOnAbortIf(result, stop, () => !this.#closing) : result
  }

  /** Hands the feeds to the worker, and limits the time that it takes from its turn on. */
  async #compute(
    { lane, feeds }: FilledLane,
    { model, fetch, onBegin }: RunTask,
    { stop, timeoutMs }: Limits,
  ): Promise<RunResult> {
    let endedBy: PaddleError | undefined
    const end = (reason: PaddleError): void => {
      endedBy = reason
      this.#closedBy ??= reason
      this.#closedAt ??= model
      void this.close()
    }
    const turn = new ComputeClock({ timeoutMs, onTimeout: end, onBegin })
    const forget = listenForAbort(stop, ({ reason }) => {
      if (turn.isComputing) end(reason as PaddleError)
    })
    const done = this.#clocks.busy()
    const inArena = feeds.some(({ arena }) => arena)
    const request = {
      model,
      lane: lane.index,
      inputBytes: lane.input.size,
      arenaBytes: inArena ? this.#arena.size : 0,
      fetch: fetch ?? null,
      feeds,
    }
    try {
      const reply = await this.#worker.run(request, turn)
      return copied(lane.output, reply)
    } catch (error) {
      throw this.#failureOf(error, model, feeds, endedBy)
    } finally {
      turn.pause()
      done()
      forget()
    }
  }

  /** A failed run's error, as its caller is to know it. */
  #failureOf(
    error: unknown,
    model: number,
    feeds: readonly PlacedTensor[],
    endedBy: PaddleError | undefined,
  ): unknown {
    if (this.#closing) return endedBy ?? this.#closedError(error)
    const { description } = this.#worker.loaded(model)
    const failure = withFedShapes(error, feeds, description.inputs)
    return this.#worker.insistsOnOneDnn(model)
      ? withOneDnnAdvice(failure, description.state.precision)
      : failure
  }

  /** Ends the worker. What still runs is rejected with PREDICTOR_CLOSED. May be called twice. */
  async close(): Promise<void> {
    this.#closing ??= this.#worker.close()
    this.#endWaits()
    await this.#closing
  }

  #endWaits(): void {
    this.#filler.end(this.reason)
  }

  #closedError(cause: unknown = this.#closedBy): PaddleError {
    const why = this.#closedBy ? `, for another run ended it: ${this.#closedBy.shortMessage}` : '.'
    return new PaddleError('PREDICTOR_CLOSED', `The predictor of ${this.#worker.title} was closed${why}`, {
      cause,
      advice: 'Create another one.',
    })
  }
}

function copied(region: Lane['output'], reply: RunReply): RunResult {
  const outputs = copyOutputs(region, reply)
  return { outputs, seen: copyHookedTensors(region, reply.hooked ?? []) }
}
