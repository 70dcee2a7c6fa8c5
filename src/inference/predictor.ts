import type { AskRequest, EffectiveState, LoadedModel, TensorInfo } from '../bridge/index.js'
import { checkConstructor, constructorKey, type ConstructorKey } from '../constructor-key.js'
import type { ModelFiles, ModelFormat } from '../model/index.js'
import type { DType } from '../tensor/index.js'
import { checkFeeds, unknownTensorError } from './io/check-feeds.js'
import type { DeclaredInputs } from './io/declared-inputs.js'
import type { Feeds } from './io/feed-types.js'
import { InputHandle, OutputHandle } from './io/handles.js'
import { Hooks, type PredictorHook } from './io/hooks.js'
import type { Outputs } from './io/outputs.js'
import { allocateFor } from './memory/allocate-tensor.js'
import type { AllocatedTensor, Arena } from './memory/arena.js'
import type { WaitOptions } from './options/index.js'
import { checkRunOptions, type RunOptions } from './run-options.js'
import type { FallbackWorker } from './worker/one-dnn-fallback.js'
import type { Runner } from './worker/runner.js'

/**
 * The files, the process and the effective settings of a predictor; the settings are read back from paddle.
 */
export interface PredictorInfo extends EffectiveState {
  /** The program's file, or its folder for a `__model__` with separate parameter files. */
  readonly model: string
  /** The parameters file, if there is one. */
  readonly params: string | undefined
  readonly format: ModelFormat
  /** The other programs in the folder that were not chosen; `reason` says why. */
  readonly passedOver: readonly string[]
  readonly reason: string | undefined
  /** Why the fallback disabled oneDNN (`oneDnn: 'auto'`); undefined if it did not. */
  readonly oneDnnFailure: string | undefined
  /** The wheel's version. */
  readonly paddle: string
  /** The worker process. */
  readonly pid: number | undefined
  /** How much the process grew when it loaded the model, in bytes; Linux only. */
  readonly loadedBytes: number | undefined
}

/** What a predictor is built from. */
export interface PredictorParts {
  readonly files: ModelFiles
  /** The index of the model in the worker. */
  readonly model: number
  readonly worker: FallbackWorker
  readonly runner: Runner
  readonly arena: Arena
  readonly declaredInputs: DeclaredInputs
  /** Why the fallback disabled oneDNN, if it did. */
  readonly oneDnnFailure: () => string | undefined
  readonly clone: (options: WaitOptions) => Promise<Predictor>
}

/** A loaded model that runs in its own worker process. */
export class Predictor implements AsyncDisposable {
  readonly #parts: PredictorParts
  readonly #hooks = new Hooks()
  readonly #inputHandles: ReadonlyMap<string, InputHandle>
  readonly #outputHandles: ReadonlyMap<string, OutputHandle>
  #lastOutputs: Outputs = {}

  /** Called by `createPredictor`. */
  constructor(key: ConstructorKey, parts: PredictorParts) {
    checkConstructor(key, 'Predictor', 'await createPredictor({ model })')
    this.#parts = parts
    this.#inputHandles = new Map(
      this.inputs.map((info) => [info.name, new InputHandle(constructorKey, info, parts.declaredInputs)]),
    )
    this.#outputHandles = new Map(
      this.outputs.map((info) => [
        info.name,
        new OutputHandle(constructorKey, info, () => this.#lastOutputs[info.name]),
      ]),
    )
  }

  /** The inputs as the program declares them; -1 is a dynamic dimension. */
  get inputs(): readonly TensorInfo[] {
    return this.#loaded.description.inputs
  }

  /**
   * The outputs as the program declares them. The actual outputs of a run may differ from the declaration.
   */
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
   * Runs the model on `feeds`. Without them, runs on the data of the input handles; the output handles then
   * return the outputs.
   *
   * Runs complete in order. Two runs may be in progress at once, so that the feeds of one are written while
   * the other computes. If fewer are in progress, `run` reads the feeds before it returns its promise;
   * otherwise, do not change them until the promise settles.
   *
   * `timeoutMs` counts from the moment the run begins to compute. A run that exceeds it, or is aborted while
   * it computes, ends the worker and so the predictor, because paddle cannot be interrupted. Before that
   * moment, `timeoutMs` limits how long the worker may stay idle while the run waits for feeds, its own or
   * those of other runs, to be written; a timeout or an abort then does not affect other runs.
   *
   * @returns the outputs by name, in memory that belongs to the caller.
   * @throws TypeError or RangeError for feeds that do not fit the inputs; PaddleError RUN_FAILED,
   * PRECISION_UNAVAILABLE if the network does not work in bf16, OUTPUT_UNSUPPORTED, WORKER_DIED,
   * PREDICTOR_CLOSED, SHARED_MEMORY_FAILED, RUN_IN_WRITE, ABORTED, TIMEOUT.
   */
  async run(feeds?: Feeds, options: RunOptions = {}): Promise<Outputs> {
    const { model, runner, arena, declaredInputs } = this.#parts
    runner.checkOpen()
    checkRunOptions(options, this.outputs)
    const given =
      feeds ?? Object.fromEntries([...this.#inputHandles].map(([name, handle]) => [name, handle.feed()]))
    const checked = checkFeeds(this.inputs, given, declaredInputs, arena)
    const { outputs, seen } = await runner.run({ model, feeds: checked, fetch: options.fetch }, options)
    if (feeds === undefined) this.#lastOutputs = outputs
    this.#hooks.call(seen)
    return outputs
  }

  /**
   * Allocates a tensor in memory that the worker shares: fill its `data` and feed it without a copy. The
   * initial contents are undefined.
   *
   * @param name The input that the tensor is for.
   * @param shape The dimensions; -1 is not allowed.
   * @param dtype @default the dtype that the program declares
   * @throws TypeError for an unknown name, or a dtype or number of dimensions that the input does not accept;
   * PaddleError SHARED_MEMORY_FAILED
   */
  allocate<D extends DType>(name: string, shape: readonly number[], dtype?: D): AllocatedTensor<D> {
    const { runner, arena, declaredInputs } = this.#parts
    runner.checkOpen()
    return allocateFor(arena, this.inputs, declaredInputs, { name, shape, dtype })
  }

  /**
   * Creates another predictor of the same model, in its own worker process (`clone`).
   *
   * @throws PaddleError as `createPredictor`
   */
  async clone(options: WaitOptions = {}): Promise<Predictor> {
    return this.#parts.clone(options)
  }

  /**
   * Frees the outputs of the network's operators (`clear_intermediate_tensor`); the next run allocates them
   * again.
   */
  async clearIntermediateTensor(): Promise<void> {
    await this.#ask('clearIntermediateTensor')
  }

  /**
   * Returns unused memory to the system (`try_shrink_memory`).
   *
   * @returns the number of bytes, as paddle counts them
   */
  async tryShrinkMemory(): Promise<number> {
    return (await this.#ask('tryShrinkMemory')) ?? 0
  }

  /**
   * Calls `hook` for each input of each operator (`register_input_hook`), in all runs that begin after the
   * promise is fulfilled. Calls happen after the run, in the order of the operators, before `run` is
   * fulfilled; if the hook throws, `run` rejects with that error.
   *
   * @throws PaddleError CONFIG_UNSUPPORTED for a wheel without this method (2.6)
   */
  async registerInputHook(hook: PredictorHook): Promise<void> {
    this.#parts.runner.checkOpen()
    await this.#hooks.add('input', hook, () => this.#ask('hookInputs'))
  }

  /** Same as `registerInputHook`, for each output of each operator (`register_output_hook`). */
  async registerOutputHook(hook: PredictorHook): Promise<void> {
    this.#parts.runner.checkOpen()
    await this.#hooks.add('output', hook, () => this.#ask('hookOutputs'))
  }

  /**
   * Ends the worker and frees its memory. Pending runs are rejected with PREDICTOR_CLOSED. May be called
   * twice.
   */
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
