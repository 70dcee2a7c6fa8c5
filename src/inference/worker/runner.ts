import { listenForAbort, rejectOnAbortIf, withLimits } from '../../async/index.js'
import type { AskRequest, Death, Lane, PlacedTensor, RunReply } from '../../bridge/index.js'
import { PaddleError } from '../../errors.js'
import type { CheckedFeed } from '../io/feed-types.js'
import { copyHookedTensors, type SeenTensor } from '../io/hooks.js'
import { copyOutputs, withFeeds, type Outputs } from '../io/outputs.js'
import type { WriteScope } from '../io/write-deadlock.js'
import type { Arena } from '../memory/arena.js'
import { IdleClocks, type Limits } from '../memory/idle-timeouts.js'
import { LaneFiller, type FilledLane } from '../memory/lane-filler.js'
import type { LanePool } from '../memory/lane-pool.js'
import type { WaitOptions } from '../options/index.js'
import { ComputeClock } from './compute-clock.js'
import type { FallbackWorker } from './one-dnn-fallback.js'
import { withOneDnnAdvice } from './one-dnn-suspicion.js'

/** One run: checked feeds, and the names of the outputs to return (`undefined`: all). */
export interface RunTask {
  /** The index of the model in the worker. */
  readonly model: number
  readonly feeds: readonly CheckedFeed[]
  readonly fetch: readonly string[] | undefined
  /** Is called when the worker begins to compute the run. */
  readonly onBegin?: () => void
}

/** The results of a run, in memory that belongs to the caller. */
export interface RunResult {
  readonly outputs: Outputs
  readonly seen: readonly SeenTensor[]
}

interface FailedRun {
  readonly model: number
  readonly feeds: readonly PlacedTensor[]
  /** Whether a worker had begun to compute it. */
  readonly hasBegun: boolean
  /** Why this run ended its worker: a timeout or an abort. */
  readonly endedBy: PaddleError | undefined
}

/** What a pool passes to a runner. */
export interface RunnerPlace {
  /** The timeouts of runs that wait for the pool. */
  readonly clocks: IdleClocks
  /** Is called when a run or another request has settled. */
  readonly onSettled: (isAnswered: boolean) => void
}

/** Sends runs to a worker: writes the feeds into a free lane, enforces the limits, and copies the outputs. */
export class Runner {
  readonly #worker: FallbackWorker
  readonly #lanes: LanePool
  readonly #arena: Pick<Arena, 'size' | 'send'>
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
    arena: Pick<Arena, 'size' | 'send'>,
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

  /**
   * Whether it accepts runs: it is not closed, neither by its owner nor by a run that timed out, and the
   * worker is alive.
   */
  get isOpen(): boolean {
    return this.#closing === undefined && this.#worker.isAlive
  }

  /** The ID of the current worker process. */
  get pid(): number | undefined {
    return this.#worker.current.pid
  }

  /** Settles when its worker has finally ended: how. */
  get over(): Promise<Death> {
    return this.#worker.over
  }

  /** The number of pending runs. */
  get running(): number {
    return this.#running
  }

  /** Whether it has no pending runs or other requests. */
  get isIdle(): boolean {
    return this.#running === 0 && this.#asking === 0
  }

  /** The number of completed runs. */
  get answered(): number {
    return this.#answered
  }

  /**
   * The model that the worker was running when it ended, by itself or because the run timed out or was
   * aborted; undefined if it was idle.
   */
  get diedAt(): number | undefined {
    return this.#worker.current.diedAt ?? this.#closedAt
  }

  /** The scopes of its lanes; see `WriteSlots`. */
  holders(): readonly (WriteScope | undefined)[] {
    return this.#filler.holders()
  }

  /** The error of the run that timed out or was aborted and so ended the worker. */
  get closedBy(): PaddleError | undefined {
    return this.#closedBy
  }

  /** Why it accepts no runs; undefined if it does. */
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
      // Without a signal, skip `withLimits`: it costs more than the rest of this function.
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
   * Sends a request other than a run to a predictor.
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
    // Even if the caller aborts now, the worker uses the lane until it replies.
    const result = this.#compute(filled, task, limits).finally(() => {
      this.#lanes.release(filled.lane)
    })
    // If the worker is being ended, wait for that, so that no process is left when the error is reported.
    return stop ? rejectOnAbortIf(result, stop, () => !this.#closing) : result
  }

  /** Sends the feeds to the worker, and limits the time from the moment it begins to compute. */
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
    const stopListening = listenForAbort(stop, ({ reason }) => {
      if (turn.isComputing) end(reason as PaddleError)
    })
    const done = this.#clocks.busy()
    const inArena = feeds.filter(({ arena }) => arena).map(({ offset }) => offset)
    const request = {
      model,
      lane: lane.index,
      inputBytes: lane.input.size,
      arenaBytes: inArena.length > 0 ? this.#arena.size : 0,
      fetch: fetch ?? null,
      feeds,
    }
    try {
      this.#arena.send(inArena)
      const reply = await this.#worker.run(request, turn)
      return copied(lane.output, reply)
    } catch (error) {
      throw this.#failureOf(error, { model, feeds, hasBegun: turn.hasBegun, endedBy })
    } finally {
      turn.pause()
      done()
      stopListening()
    }
  }

  /** The error that the caller of a failed run receives. */
  #failureOf(error: unknown, { model, feeds, hasBegun, endedBy }: FailedRun): unknown {
    if (this.#closing) return endedBy ?? this.#closedError(error)
    const { description } = this.#worker.loaded(model)
    // A worker that died before it had begun with this run did not die of its feeds.
    const isOfFeeds =
      error instanceof PaddleError &&
      (error.code === 'RUN_FAILED' || (error.code === 'WORKER_DIED' && hasBegun))
    const failure = isOfFeeds ? withFeeds(error, feeds, description.inputs) : error
    return this.#worker.insistsOnOneDnn(model)
      ? withOneDnnAdvice(failure, description.state.precision)
      : failure
  }

  /** Ends the worker. Pending runs are rejected with PREDICTOR_CLOSED. May be called twice. */
  async close(): Promise<void> {
    this.#closing ??= this.#worker.close()
    this.#endWaits()
    await this.#closing
  }

  #endWaits(): void {
    this.#filler.end(this.reason)
  }

  #closedError(cause: unknown = this.#closedBy): PaddleError {
    const why = this.#closedBy ? ` because another run ended it: ${this.#closedBy.shortMessage}` : '.'
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
