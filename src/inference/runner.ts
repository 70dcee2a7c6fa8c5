import type { Lane, PlacedTensor, RunReply, TensorInfo } from '../bridge/index.js'
import { PaddleError } from '../errors.js'
import type { CheckedFeed } from './feed-types.js'
import { placeFeeds } from './place-feeds.js'
import type { HealingWorker } from './healing-worker.js'
import type { Lanes } from './lanes.js'
import { copyHooked, type SeenTensor } from './hooks.js'
import type { WaitOptions } from './options.js'
import { withRemedy } from './one-dnn-failure.js'
import { copyOutputs, withFedShapes, type Outputs } from './outputs.js'
import { Turns } from './turns.js'
import { onTimeout, withLimits } from './waiting.js'

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
  readonly #turns = new Turns()
  /** What ends the waiting for feeds that are being written. */
  readonly #leaving = new Set<() => void>()
  #closing: Promise<void> | undefined
  #closedBy: PaddleError | undefined

  constructor(worker: HealingWorker, lanes: Lanes, arena: { readonly size: number }) {
    this.#worker = worker
    this.#lanes = lanes
    this.#arena = arena
  }

  /** Whether runs can be given to it: it was not closed, by its owner or by a run that took too long, and has not died. */
  get isOpen(): boolean {
    return this.#closing === undefined && this.#worker.isAlive
  }

  /** The run that took too long, or was aborted, and so ended the worker. */
  get closedBy(): PaddleError | undefined {
    return this.#closedBy
  }

  /** @throws PaddleError PREDICTOR_CLOSED, WORKER_DIED */
  checkOpen(): void {
    if (this.#closing) throw this.#closedError()
    this.#worker.checkAlive()
  }

  async run(task: RunTask, { signal, timeoutMs }: WaitOptions): Promise<RunResult> {
    // What nobody can abort needs no signal of its own: that costs more than all else that is done here.
    if (!signal) return this.#run(task, undefined, timeoutMs)
    return withLimits({ signal }, 'The run', (stop) => this.#run(task, stop, timeoutMs))
  }

  async #run(
    task: RunTask,
    stop: AbortSignal | undefined,
    timeoutMs: number | undefined,
  ): Promise<RunResult> {
    const lane = this.#lanes.takeFree() ?? (await this.#lanes.wait(stop))
    let placed: PlacedTensor[]
    let writing: readonly Promise<void>[] = []
    try {
      this.checkOpen()
      const { tensors, ...rest } = placeFeeds(task.feeds, lane.input)
      writing = rest.writing
      if (writing.length > 0) {
        await this.#written(writing, stop)
        this.checkOpen()
      }
      stop?.throwIfAborted()
      placed = tensors
    } catch (error) {
      // What is still being written would go into the feeds of another run.
      if (writing.length === 0) this.#lanes.give(lane)
      else
        void Promise.allSettled(writing).then(() => {
          this.#lanes.give(lane)
        })
      throw error
    }
    const answered = this.#ring(lane, placed, task, stop, timeoutMs)
    // Whoever gave the run up by then, its lane is in the worker's hands until it has answered.
    const result = answered.finally(() => {
      this.#lanes.give(lane)
    })
    return stop ? untilGivenUp(result, stop, () => !this.#closing) : result
  }

  /** Waits until all is written; not when a writer fails, `stop` fires or this is closed: some writers might never end. */
  async #written(writing: readonly Promise<void>[], stop: AbortSignal | undefined): Promise<void> {
    let leave = (): void => undefined
    const left = new Promise<never>((_, reject) => {
      leave = () => {
        reject(stop?.aborted ? (stop.reason as Error) : this.#closedError())
      }
    })
    this.#leaving.add(leave)
    stop?.addEventListener('abort', leave, { once: true })
    try {
      await Promise.race([Promise.all(writing), left])
    } finally {
      this.#leaving.delete(leave)
      stop?.removeEventListener('abort', leave)
    }
  }

  /** Hands the feeds to the worker, and limits the time that it takes from its turn on. */
  async #ring(
    lane: Lane,
    feeds: readonly PlacedTensor[],
    { fetch, onBegin }: RunTask,
    stop: AbortSignal | undefined,
    timeoutMs: number | undefined,
  ): Promise<RunResult> {
    let forget = (): void => undefined
    let endedBy: PaddleError | undefined
    const end = (reason: PaddleError): void => {
      endedBy = reason
      this.#closedBy ??= reason
      void this.close()
    }
    const clock = {
      start: (): void => {
        forget()
        forget = onTimeout(timeoutMs, 'The run', end)
      },
      stop: (): void => {
        forget()
      },
    }
    const turn = this.#turns.queue(() => {
      // The turn of what was behind a run that died comes when there is nobody to compute it.
      if (this.isOpen) onBegin?.()
      clock.start()
    })
    const onStop = (): void => {
      if (turn.isFirst()) end(stop?.reason as PaddleError)
    }
    stop?.addEventListener('abort', onStop, { once: true })
    const inArena = feeds.some(({ arena }) => arena)
    const request = {
      lane: lane.index,
      inputBytes: lane.input.size,
      arenaBytes: inArena ? this.#arena.size : 0,
      fetch: fetch ?? null,
      feeds,
    }
    try {
      const reply = await this.#worker.run(request, clock)
      return copied(lane.output, reply)
    } catch (error) {
      if (this.#closing) throw endedBy ?? this.#closedError(error)
      const told = withFedShapes(error, feeds, this.#inputs)
      throw this.#worker.insistsOnOneDnn ? withRemedy(told, this.#worker.current.title) : told
    } finally {
      forget()
      stop?.removeEventListener('abort', onStop)
      turn.end()
    }
  }

  /** Ends the worker. What still runs is rejected with PREDICTOR_CLOSED. May be called twice. */
  async close(): Promise<void> {
    this.#closing ??= this.#worker.close()
    for (const leave of this.#leaving) leave()
    await this.#closing
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

/**
 * The result, or the signal's reason as soon as it fires while `mayLeave`; a run whose worker is being ended is waited for, so
 * that nothing is left when it is reported.
 */
async function untilGivenUp<T>(result: Promise<T>, stop: AbortSignal, mayLeave: () => boolean): Promise<T> {
  let leave = (): void => undefined
  const givenUp = new Promise<never>((_, reject) => {
    leave = () => {
      if (mayLeave()) reject(stop.reason as Error)
    }
    stop.addEventListener('abort', leave, { once: true })
  })
  // The one that comes second has nobody left to tell.
  result.catch(() => undefined)
  givenUp.catch(() => undefined)
  try {
    return await Promise.race([result, givenUp])
  } finally {
    stop.removeEventListener('abort', leave)
  }
}
