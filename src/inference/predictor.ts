import type { Lane, PlacedTensor, TensorInfo, Worker } from '../bridge/index.js'
import { PaddleError } from '../errors.js'
import type { Lod, Tensor } from '../tensor/index.js'
import { checkDType } from '../tensor/index.js'
import { checkFeeds, placeFeeds, unknownName, viewOf, type CheckedFeed, type Feeds } from './feeds.js'
import { InputHandle, OutputHandle } from './handles.js'
import type { Lanes } from './lanes.js'
import type { WaitOptions } from './options.js'
import { checkWait, withLimits } from './waiting.js'

/** Tensors by the names of the outputs. */
export type Outputs = Record<string, Tensor>

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
  readonly #inputHandles: ReadonlyMap<string, InputHandle>
  readonly #outputHandles: ReadonlyMap<string, OutputHandle>
  #lastOutputs: Outputs = {}
  #nextId = 1
  #closing: Promise<void> | undefined

  /** Made by `createPredictor`. */
  constructor(worker: Worker, lanes: Lanes) {
    this.#worker = worker
    this.#lanes = lanes
    this.#inputHandles = new Map(this.inputs.map((info) => [info.name, new InputHandle(info)]))
    this.#outputHandles = new Map(
      this.outputs.map((info) => [info.name, new OutputHandle(info, () => this.#lastOutputs[info.name])]),
    )
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
      paddle: this.#worker.hello.paddle,
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
   * Runs on `feeds`; without them, on what the input handles hold, and the output handles have the answer afterwards. Two runs may be under way at once: while one computes, the next one's feeds are written. They are answered in order.
   * A run that is aborted, or takes too long, while it computes ends the worker, and with it the predictor.
   *
   * @returns the outputs by name, in memory of the caller's own.
   * @throws TypeError or RangeError for feeds that do not fit the inputs; PaddleError RUN_FAILED, OUTPUT_UNSUPPORTED, WORKER_DIED,
   * PREDICTOR_CLOSED, SHARED_MEMORY_FAILED, ABORTED, TIMEOUT.
   */
  async run(feeds?: Feeds, options: WaitOptions = {}): Promise<Outputs> {
    this.#checkOpen()
    checkWait(options, 'The run')
    const given =
      feeds ?? Object.fromEntries([...this.#inputHandles].map(([name, handle]) => [name, handle.feed()]))
    const checked = checkFeeds(this.inputs, given)
    const outputs = await withLimits(options, 'The run', (stop) => this.#runIn(checked, stop))
    if (feeds === undefined) this.#lastOutputs = outputs
    return outputs
  }

  async #runIn(feeds: readonly CheckedFeed[], stop: AbortSignal): Promise<Outputs> {
    const lane = await this.#lanes.take(stop)
    try {
      this.#checkOpen()
      const { placed, bytes } = placeFeeds(feeds)
      lane.input.grow(bytes)
      for (const { feed, at } of placed) feed.write(viewOf(lane.input.buffer, at))
      stop.throwIfAborted()
      return await this.#ring(
        lane,
        placed.map(({ at }) => at),
        stop,
      )
    } finally {
      this.#lanes.give(lane)
    }
  }

  async #ring(lane: Lane, feeds: PlacedTensor[], stop: AbortSignal): Promise<Outputs> {
    // Paddle cannot be interrupted inside a run: its process can only be ended.
    const end = (): void => void this.close()
    stop.addEventListener('abort', end, { once: true })
    try {
      const reply = await this.#worker.run({
        id: this.#nextId++,
        lane: lane.index,
        inputBytes: lane.input.size,
        feeds,
      })
      lane.output.mapGrown(reply.outputBytes)
      return Object.fromEntries(reply.outputs.map((output) => [output.name, copyOut(lane, output)]))
    } catch (error) {
      throw this.#closing ? this.#closedError(error) : this.#withShapes(error, feeds)
    } finally {
      stop.removeEventListener('abort', end)
    }
  }

  /** Ends the worker and frees its memory. What still runs is rejected with PREDICTOR_CLOSED. May be called twice. */
  async close(): Promise<void> {
    this.#closing ??= this.#worker.close().then(() => {
      this.#lanes.close()
    })
    await this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Paddle's own complaint names operators inside the network; the caller knows the shapes at its door. */
  #withShapes(error: unknown, feeds: readonly PlacedTensor[]): unknown {
    if (!(error instanceof PaddleError) || error.code !== 'RUN_FAILED') return error
    const fed = feeds.map(({ name, dtype, shape }) => {
      const declared = this.inputs.find((input) => input.name === name)?.shape ?? []
      return `\`${name}\` ${dtype} [${shape.join(',')}], declared [${declared.join(',')}]`
    })
    return new PaddleError('RUN_FAILED', `${error.message}\nIt was fed: ${fed.join('; ')}.`, {
      cause: error.cause,
    })
  }

  #checkOpen(): void {
    if (this.#closing) throw this.#closedError()
  }

  #closedError(cause?: unknown): PaddleError {
    return new PaddleError('PREDICTOR_CLOSED', `The predictor of ${this.#worker.title} was closed.`, {
      cause,
    })
  }
}

function copyOut(lane: Lane, output: PlacedTensor): Tensor {
  checkOutput(output)
  const data = viewOf(lane.output.buffer, output).slice()
  const lod: { lod?: Lod } = output.lod ? { lod: output.lod } : {}
  return { dtype: output.dtype, shape: output.shape, data, ...lod } as Tensor
}

function checkOutput({ name, dtype }: PlacedTensor): void {
  try {
    checkDType('dtype', dtype)
  } catch (cause) {
    throw new PaddleError(
      'OUTPUT_UNSUPPORTED',
      `Output \`${name}\` is ${dtype}, which paddle-ts cannot hold.\nExport the network with a cast of this output to float32.`,
      { cause },
    )
  }
}
