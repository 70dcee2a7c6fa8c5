import type { AskRequest, EffectiveState, LoadedModel, TensorInfo } from '../bridge/index.js'
import type { ModelFiles, ModelFormat } from '../model/index.js'
import type { DType } from '../tensor/index.js'
import { checkFeeds, unknownTensorError } from './io/check-feeds.js'
import type { Feeds } from './io/feed-types.js'
import { InputHandle, OutputHandle } from './io/handles.js'
import { Hooks, type PredictorHook } from './io/hooks.js'
import type { Outputs } from './io/outputs.js'
import { allocateFor } from './memory/allocate.js'
import type { AllocatedTensor, Arena } from './memory/arena.js'
import type { WaitOptions } from './options/index.js'
import { checkRunOptions, type RunOptions } from './run-options.js'
import type { FallbackWorker } from './worker/one-dnn-fallback.js'
import type { Runner } from './worker/runner.js'

/** What a predictor turned out to be, read back from paddle. */
export interface PredictorInfo extends EffectiveState {
  /** The program's file, or its folder for a `__model__` with separate parameter files. */
  readonly model: string
  /** The file of the parameters, where there is one. */
  readonly params: string | undefined
  readonly format: ModelFormat
  /** The programs in its folder that were not taken, and why not. */
  readonly passedOver: readonly string[]
  readonly reason: string | undefined
  /** Why oneDNN was turned off by itself (`oneDnn: 'auto'`); undefined when it was not. */
  readonly oneDnnFailure: string | undefined
  /** The wheel's version. */
  readonly paddle: string
  /** The process that runs it. */
  readonly pid: number | undefined
  /** By how much that process grew when it loaded the model, in bytes; Linux only. */
  readonly loadedBytes: number | undefined
}

/** What a predictor is made of. */
export interface PredictorParts {
  readonly files: ModelFiles
  /** Which of the worker's models. */
  readonly model: number
  readonly worker: FallbackWorker
  readonly runner: Runner
  readonly arena: Arena
  /** Why oneDNN was turned off, if it was. */
  readonly oneDnnFailure: () => string | undefined
  readonly clone: (options: WaitOptions) => Promise<Predictor>
}

/** A model that is loaded and runs, in a process of its own. */
export class Predictor implements AsyncDisposable {
  readonly #parts: PredictorParts
  readonly #hooks = new Hooks()
  readonly #inputHandles: ReadonlyMap<string, InputHandle>
  readonly #outputHandles: ReadonlyMap<string, OutputHandle>
  #lastOutputs: Outputs = {}

  /** Made by `createPredictor`. */
  constructor(parts: PredictorParts) {
    this.#parts = parts
    this.#inputHandles = new Map(this.inputs.map((info) => [info.name, new InputHandle(info)]))
    this.#outputHandles = new Map(
      this.outputs.map((info) => [info.name, new OutputHandle(info, () => this.#lastOutputs[info.name])]),
    )
  }

  /** The inputs as the program declares them; -1 is a dynamic dimension. */
  get inputs(): readonly TensorInfo[] {
    return this.#loaded.description.inputs
  }

  /** The outputs as the program declares them; what a run gives may differ, and is right. */
  get outputs(): readonly TensorInfo[] {
    return this.#loaded.description.outputs
  }

  get info(): PredictorInfo {
    const { files, worker, oneDnnFailure } = this.#parts
    const { paddle, pid } = worker.current
    const { program: model, params, format, passedOver = [], reason } = files
    const found = { model, params, format, passedOver, reason }
    const { description, bytes: loadedBytes } = this.#loaded
    const { state } = description
    const ran = { paddle, pid, loadedBytes }
    return { ...found, ...state, oneDnnFailure: state.oneDnn ? undefined : oneDnnFailure(), ...ran }
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
    if (!handle) throw unknownTensorError('input', name, this.inputs)
    return handle
  }

  /** The handle of an output (`get_output_handle`). @throws TypeError for an unknown name */
  getOutputHandle(name: string): OutputHandle {
    const handle = this.#outputHandles.get(name)
    if (!handle) throw unknownTensorError('output', name, this.outputs)
    return handle
  }

  /**
   * Runs on `feeds`; without them, on what the input handles hold, and the output handles have the answer afterwards.
   *
   * Runs are answered in order. Two may be under way at once, so that one's feeds are written while the other computes: feeds are
   * read before `run` returns its promise when less are, and must not be changed until it settles when more are.
   *
   * `timeoutMs` counts from when the run begins to compute. A run that then takes too long, or is aborted while it computes, ends the
   * worker, and with it the predictor: paddle cannot be interrupted. Before that, it is the longest time that the worker may stand idle while the
   * run waits for its feeds to be written, or for those of others; that, or being aborted, costs the others nothing.
   *
   * @returns the outputs by name, in memory of the caller's own.
   * @throws TypeError or RangeError for feeds that do not fit the inputs; PaddleError RUN_FAILED, PRECISION_UNAVAILABLE where the network does not
   * work in bf16, OUTPUT_UNSUPPORTED, WORKER_DIED, PREDICTOR_CLOSED, SHARED_MEMORY_FAILED, RUN_IN_WRITE,
   * ABORTED, TIMEOUT.
   */
  async run(feeds?: Feeds, options: RunOptions = {}): Promise<Outputs> {
    const { model, runner, arena } = this.#parts
    runner.checkOpen()
    checkRunOptions(options, this.outputs)
    const given =
      feeds ?? Object.fromEntries([...this.#inputHandles].map(([name, handle]) => [name, handle.feed()]))
    const checked = checkFeeds(this.inputs, given, arena)
    const { outputs, seen } = await runner.run({ model, feeds: checked, fetch: options.fetch }, options)
    if (feeds === undefined) this.#lastOutputs = outputs
    this.#hooks.call(seen)
    return outputs
  }

  /**
   * A tensor in memory that the worker sees: fill its `data` and feed it, and nothing is copied. It holds anything at first.
   *
   * @param name The input that it is for.
   * @param shape Its dimensions; -1 is not among them.
   * @param dtype @default the one that the program declares
   * @throws TypeError for an unknown name, or a dtype or number of dimensions that the input does not take; PaddleError SHARED_MEMORY_FAILED
   */
  allocate<D extends DType>(name: string, shape: readonly number[], dtype?: D): AllocatedTensor<D> {
    this.#parts.runner.checkOpen()
    return allocateFor(this.#parts.arena, this.inputs, name, shape, dtype)
  }

  /**
   * Another predictor of the same model, in a process of its own (`clone`).
   *
   * @throws PaddleError as `createPredictor`
   */
  async clone(options: WaitOptions = {}): Promise<Predictor> {
    return this.#parts.clone(options)
  }

  /** Frees what the network's operators have put out (`clear_intermediate_tensor`); the next run makes it anew. */
  async clearIntermediateTensor(): Promise<void> {
    await this.#ask('clearIntermediateTensor')
  }

  /** Gives memory that is not used back to the system (`try_shrink_memory`). @returns how much, in bytes, as paddle counts */
  async tryShrinkMemory(): Promise<number> {
    return (await this.#ask('tryShrinkMemory')) ?? 0
  }

  /**
   * Has `hook` see what each operator takes (`register_input_hook`), from the runs on that begin after the promise is fulfilled. It
   * is called after the run, in the operators' order, before `run` is fulfilled; what it throws is what `run` then rejects with.
   *
   * @throws PaddleError CONFIG_UNSUPPORTED for a wheel without it (2.6)
   */
  async registerInputHook(hook: PredictorHook): Promise<void> {
    this.#parts.runner.checkOpen()
    await this.#hooks.add('input', hook, () => this.#ask('hookInputs'))
  }

  /** The same for what each operator gives (`register_output_hook`). */
  async registerOutputHook(hook: PredictorHook): Promise<void> {
    this.#parts.runner.checkOpen()
    await this.#hooks.add('output', hook, () => this.#ask('hookOutputs'))
  }

  /** Ends the worker and frees its memory. What still runs is rejected with PREDICTOR_CLOSED. May be called twice. */
  async close(): Promise<void> {
    await this.#parts.runner.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #ask(ask: AskRequest['ask']): Promise<number | null> {
    const { model, runner } = this.#parts
    return runner.ask({ model, ask })
  }

  get #loaded(): LoadedModel {
    return this.#parts.worker.loaded(this.#parts.model)
  }
}
