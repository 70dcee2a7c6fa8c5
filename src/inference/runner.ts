import type { AskRequest, Lane, PlacedTensor, RunReply, TensorInfo } from '../bridge/index.js'
import { PaddleError } from '../errors.js'
import type { CheckedFeed } from './feed-types.js'
import { placeFeeds } from './place-feeds.js'
import type { HealingWorker } from './healing-worker.js'
import { isLost } from './is-lost.js'
import type { Lanes } from './lanes.js'
import { copyHooked, type SeenTensor } from './hooks.js'
import { IdleWaits, type Limits } from './idle-waits.js'
import type { WaitOptions } from './options.js'
import { withRemedy } from './one-dnn-failure.js'
import { copyOutputs, withFedShapes, type Outputs } from './outputs.js'
import { RunTurn } from './run-turn.js'
import { orWhenFired, untilGivenUp, withLimits } from './waiting.js'

/** One run: checked feeds, and the names of the outputs to read, all of them when left out. */
export interface RunTask {
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

/** Takes runs to a worker and back: writes the feeds where there is room, keeps to the limits, copies the outputs out. */
export class Runner {
  readonly #worker: HealingWorker
  readonly #lanes: Lanes
  readonly #arena: { readonly size: number }
  /** Is called when a run or a question has ended. */
  readonly #onSettled: (isAnswered: boolean) => void
  readonly #waits = new IdleWaits()
  #running = 0
  #asking = 0
  #computing = 0
  #answered = 0
  #lostBy: PaddleError | undefined
  #closing: Promise<void> | undefined
  #closedBy: PaddleError | undefined

  constructor(
    worker: HealingWorker,
    lanes: Lanes,
    arena: { readonly size: number },
    onSettled: (isAnswered: boolean) => void = () => undefined,
  ) {
    this.#worker = worker
    this.#lanes = lanes
    this.#arena = arena
    this.#onSettled = onSettled
    void worker.over.then(() => {
      this.#endWaits()
    })
  }

  /** Whether runs can be given to it: it was not closed, by its owner or by a run that took too long, and has not died. */
  get isOpen(): boolean {
    return this.#closing === undefined && this.#worker.isAlive
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

  /** Whether it computes, or has ended while it did. */
  get isComputing(): boolean {
    return this.#computing > 0 || this.#lostBy !== undefined
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
   * Asks the predictor something between runs.
   *
   * @throws PaddleError RUN_FAILED, WORKER_DIED, PREDICTOR_CLOSED
   */
  async ask(question: AskRequest['ask']): Promise<number | null> {
    this.checkOpen()
    this.#asking += 1
    const done = this.#waits.busy()
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
    const lane =
      this.#lanes.takeFree() ??
      (await this.#waits.wait('Waiting for the feeds of other runs', limits, (leave) => {
        // What is over by now ends no more waits.
        this.checkOpen()
        return this.#lanes.wait(leave)
      }))
    let placed: PlacedTensor[]
    let writing: readonly Promise<void>[] = []
    try {
      this.checkOpen()
      const { tensors, ...rest } = placeFeeds(task.feeds, lane.input)
      writing = rest.writing
      if (writing.length > 0) {
        const written = Promise.all(writing)
        await this.#waits.wait('Writing the feeds', limits, (leave) =>
          orWhenFired(written, leave, () => {
            throw leave.reason as Error
          }),
        )
        this.checkOpen()
      }
      stop?.throwIfAborted()
      placed = tensors
    } catch (error) {
      // What is still being written would go into the feeds of another run.
      this.#lanes.abandon(lane, writing)
      throw error
    }
    const answered = this.#compute(lane, placed, task, limits)
    // Whoever gave the run up by then, its lane is in the worker's hands until it has answered.
    const result = answered.finally(() => {
      this.#lanes.give(lane)
    })
    // One whose worker is being ended is waited for, so that nothing is left when it is reported.
    return stop ? untilGivenUp(result, stop, () => !this.#closing) : result
  }

  /** Hands the feeds to the worker, and limits the time that it takes from its turn on. */
  async #compute(
    lane: Lane,
    feeds: readonly PlacedTensor[],
    { fetch, onBegin }: RunTask,
    { stop, timeoutMs }: Limits,
  ): Promise<RunResult> {
    let endedBy: PaddleError | undefined
    const end = (reason: PaddleError): void => {
      endedBy = reason
      this.#closedBy ??= reason
      void this.close()
    }
    const turn = new RunTurn({
      timeoutMs,
      onTimeout: end,
      onBegin: () => {
        this.#computing += 1
        onBegin?.()
      },
    })
    const onStop = (): void => {
      if (turn.hasBegun) end(stop?.reason as PaddleError)
    }
    stop?.addEventListener('abort', onStop, { once: true })
    const done = this.#waits.busy()
    const inArena = feeds.some(({ arena }) => arena)
    const request = {
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
      const told = this.#told(error, feeds, endedBy)
      if (turn.hasBegun && isLost(told)) this.#lostBy ??= told
      throw told
    } finally {
      turn.pause()
      done()
      if (turn.hasBegun) this.#computing -= 1
      stop?.removeEventListener('abort', onStop)
    }
  }

  /** A failed run's error, as its caller is to know it. */
  #told(error: unknown, feeds: readonly PlacedTensor[], endedBy: PaddleError | undefined): unknown {
    if (this.#closing) return endedBy ?? this.#closedError(error)
    const told = withFedShapes(error, feeds, this.#inputs)
    const { insistsOnOneDnn, current } = this.#worker
    return insistsOnOneDnn ? withRemedy(told, current.title, current.description.state.precision) : told
  }

  /** Ends the worker. What still runs is rejected with PREDICTOR_CLOSED. May be called twice. */
  async close(): Promise<void> {
    this.#closing ??= this.#worker.close()
    this.#endWaits()
    await this.#closing
  }

  #endWaits(): void {
    this.#waits.end(this.reason)
  }

  get #inputs(): readonly TensorInfo[] {
    return this.#worker.current.description.inputs
  }

  #closedError(cause: unknown = this.#closedBy): PaddleError {
    const why = this.#closedBy ? `, for another run ended it: ${firstLine(this.#closedBy.message)}` : '.'
    return new PaddleError(
      'PREDICTOR_CLOSED',
      `The predictor of ${this.#worker.current.title} was closed${why}\nCreate another one.`,
      { cause },
    )
  }
}

function copied(region: Lane['output'], reply: RunReply): RunResult {
  const outputs = copyOutputs(region, reply)
  return { outputs, seen: copyHooked(region, reply.hooked ?? []) }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
