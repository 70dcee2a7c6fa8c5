import type { Lane, PlacedTensor, RunReply, TensorInfo, Worker } from '../bridge/index.js'
import { PaddleError } from '../errors.js'

import { checkFeeds, placeFeeds, unknownName, type CheckedFeed, type Feeds } from './feeds.js'
import { InputHandle, OutputHandle } from './handles.js'
import type { Lanes } from './lanes.js'
import type { WaitOptions } from './options.js'
import { copyOutputs, withFedShapes, type Outputs } from './outputs.js'
import { Turns } from './turns.js'
import { checkWait, onTimeout, withLimits } from './waiting.js'

/** What a predictor turned out to be, read back from paddle. */
export interface PredictorInfo {
  /** The program's file. */
  readonly model: string
  /** `cpu` or `gpu:N`. */
  readonly device: string
  /** Whether oneDNN's kernels are used. */
  readonly oneDnn: boolean
  readonly cpuThreads: number
  /** The wheel's version. */
  readonly paddle: string
  /** The process that runs it. */
  readonly pid: number | undefined
}

/** A model that is loaded and runs, in a process of its own. */
export class Predictor implements AsyncDisposable {
  readonly #worker: Worker
  readonly #lanes: Lanes
  readonly #turns = new Turns()
  readonly #inputHandles: ReadonlyMap<string, InputHandle>
  readonly #outputHandles: ReadonlyMap<string, OutputHandle>
  #lastOutputs: Outputs = {}
  #nextId = 1
  #closing: Promise<void> | undefined
  #closedBy: PaddleError | undefined

  /** Made by `createPredictor`. */
  constructor(worker: Worker, lanes: Lanes) {
    this.#worker = worker
    this.#lanes = lanes
    this.#inputHandles = new Map(this.inputs.map((info) => [info.name, new InputHandle(info)]))
    this.#outputHandles = new Map(
      this.outputs.map((info) => [info.name, new OutputHandle(info, () => this.#lastOutputs[info.name])]),
    )
    void worker.ended.then(() => {
      lanes.close()
    })
  }

  /** The inputs as the program declares them; -1 is a dynamic dimension. */
  get inputs(): readonly TensorInfo[] {
    return this.#worker.description.inputs
  }

  /** The outputs as the program declares them; what a run gives may differ, and is right. */
  get outputs(): readonly TensorInfo[] {
    return this.#worker.description.outputs
  }

  get info(): PredictorInfo {
    const { device, oneDnn, cpuThreads } = this.#worker.description
    return {
      model: this.#worker.title,
      device,
      oneDnn,
      cpuThreads,
      paddle: this.#worker.paddle,
      pid: this.#worker.pid,
    }
  }

  /** The names of the inputs, in paddle's order (`get_input_names`). */
  getInputNames(): string[] {
    return this.inputs.map(({ name }) => name)
  }

  /** The names of the outputs, in paddle's order (`get_output_names`). */
  getOutputNames(): string[] {
    return this.outputs.map(({ name }) => name)
  }

  /** The handle of an input (`get_input_handle`). @throws TypeError for an unknown name */
  getInputHandle(name: string): InputHandle {
    const handle = this.#inputHandles.get(name)
    if (!handle) throw unknownName('input', name, this.inputs)
    return handle
  }

  /** The handle of an output (`get_output_handle`). @throws TypeError for an unknown name */
  getOutputHandle(name: string): OutputHandle {
    const handle = this.#outputHandles.get(name)
    if (!handle) throw unknownName('output', name, this.outputs)
    return handle
  }

  /**
   * Runs on `feeds`; without them, on what the input handles hold, and the output handles have the answer afterwards.
   *
   * Runs are answered in order. Two may be under way at once, so that one's feeds are written while the other computes: feeds are
   * read before `run` returns its promise when less are, and must not be changed until it settles when more are.
   *
   * `timeoutMs` counts from when the run begins to compute. A run that then takes too long, or is aborted while it computes, ends the
   * worker, and with it the predictor: paddle cannot be interrupted. Aborted before that, it costs the others nothing.
   *
   * @returns the outputs by name, in memory of the caller's own.
   * @throws TypeError or RangeError for feeds that do not fit the inputs; PaddleError RUN_FAILED, OUTPUT_UNSUPPORTED, WORKER_DIED,
   * PREDICTOR_CLOSED, SHARED_MEMORY_FAILED, ABORTED, TIMEOUT.
   */
  async run(feeds?: Feeds, options: WaitOptions = {}): Promise<Outputs> {
    this.#checkOpen()
    checkWait(options, ['signal', 'timeoutMs'], 'The run')
    const given =
      feeds ?? Object.fromEntries([...this.#inputHandles].map(([name, handle]) => [name, handle.feed()]))
    const checked = checkFeeds(this.inputs, given)
    const { signal, timeoutMs } = options
    const outputs = await withLimits({ signal }, 'The run', (stop) => this.#runIn(checked, stop, timeoutMs))
    if (feeds === undefined) this.#lastOutputs = outputs
    return outputs
  }

  async #runIn(
    feeds: readonly CheckedFeed[],
    stop: AbortSignal,
    timeoutMs: number | undefined,
  ): Promise<Outputs> {
    const lane = this.#lanes.takeFree() ?? (await this.#lanes.wait(stop))
    let placed: PlacedTensor[]
    try {
      this.#checkOpen()
      placed = placeFeeds(feeds, lane.input)
      stop.throwIfAborted()
    } catch (error) {
      this.#lanes.give(lane)
      throw error
    }
    const answered = this.#ring(lane, placed, stop, timeoutMs)
    // Whoever gave the run up by then, its lane is in the worker's hands until it has answered.
    const outputs = answered.finally(() => {
      this.#lanes.give(lane)
    })
    return untilGivenUp(outputs, stop, () => !this.#closing)
  }

  /** Hands the feeds to the worker, and limits the time that it takes from its turn on. */
  async #ring(
    lane: Lane,
    feeds: readonly PlacedTensor[],
    stop: AbortSignal,
    timeoutMs: number | undefined,
  ): Promise<Outputs> {
    let forget = (): void => undefined
    let endedBy: PaddleError | undefined
    const end = (reason: PaddleError): void => {
      endedBy = reason
      this.#closedBy ??= reason
      void this.close()
    }
    const turn = this.#turns.queue(() => {
      forget = onTimeout(timeoutMs, 'The run', end)
    })
    const onStop = (): void => {
      if (turn.isFirst()) end(stop.reason as PaddleError)
    }
    stop.addEventListener('abort', onStop, { once: true })
    try {
      const reply: RunReply = await this.#worker.run({
        id: this.#nextId++,
        lane: lane.index,
        inputBytes: lane.input.size,
        feeds,
      })
      return copyOutputs(lane.output, reply)
    } catch (error) {
      if (!this.#closing) throw withFedShapes(error, feeds, this.inputs)
      throw endedBy ?? this.#closedError(error)
    } finally {
      forget()
      stop.removeEventListener('abort', onStop)
      turn.end()
    }
  }

  /** Ends the worker and frees its memory. What still runs is rejected with PREDICTOR_CLOSED. May be called twice. */
  async close(): Promise<void> {
    this.#closing ??= this.#worker.close()
    await this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #checkOpen(): void {
    if (this.#closing) throw this.#closedError()
    this.#worker.checkAlive()
  }

  #closedError(cause: unknown = this.#closedBy): PaddleError {
    const why = this.#closedBy ? `, for another run ended it: ${firstLine(this.#closedBy.message)}` : '.'
    return new PaddleError(
      'PREDICTOR_CLOSED',
      `The predictor of ${this.#worker.title} was closed${why}\nCreate another one.`,
      { cause },
    )
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}

/**
 * The outputs, or the signal's reason as soon as it fires while `mayLeave`; a run whose worker is being ended is
 * waited for, so that nothing is left when it is reported.
 */
async function untilGivenUp(
  outputs: Promise<Outputs>,
  stop: AbortSignal,
  mayLeave: () => boolean,
): Promise<Outputs> {
  let leave = (): void => undefined
  const givenUp = new Promise<never>((_, reject) => {
    leave = () => {
      if (mayLeave()) reject(stop.reason as Error)
    }
    stop.addEventListener('abort', leave, { once: true })
  })
  // The one that comes second has nobody left to tell.
  outputs.catch(() => undefined)
  givenUp.catch(() => undefined)
  try {
    return await Promise.race([outputs, givenUp])
  } finally {
    stop.removeEventListener('abort', leave)
  }
}
