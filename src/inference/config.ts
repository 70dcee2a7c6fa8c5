import { checkInteger, wrongType } from '../errors.js'
import type { ConfigArgument } from '../bridge/index.js'

/** A call on the native Config, by paddle's own method name. */
export type ConfigCall = readonly [method: string, args: readonly ConfigArgument[]]

/**
 * `paddle.inference.Config`: what to load and how to run it. It records; each predictor's worker builds its own native
 * Config from the record, so one Config may serve many predictors. Setters can be chained.
 *
 * @example
 * const config = new Config('model/inference.pdmodel', 'model/inference.pdiparams')
 * config.setCpuMathLibraryNumThreads(2).enableMemoryOptim()
 */
export class Config {
  #model: string | undefined
  #params: string | undefined
  readonly #calls: ConfigCall[] = []

  /**
   * @param model A folder, a prefix (`model/inference`) or the program's file.
   * @param params The file of the parameters; found beside the program when left out.
   */
  constructor(model?: string, params?: string) {
    if (model !== undefined) this.setModel(model, params)
  }

  /** Sets the model, as the constructor does. */
  setModel(model: string, params?: string): this {
    if (typeof model !== 'string' || model === '') throw wrongType('model', 'the path of a model', model)
    if (params !== undefined && typeof params !== 'string') {
      throw wrongType('params', 'the path of a parameters file', params)
    }
    this.#model = model
    this.#params = params
    return this
  }

  /** The model's path as it was given. */
  get model(): string | undefined {
    return this.#model
  }

  /** The parameters' path as it was given. */
  get params(): string | undefined {
    return this.#params
  }

  /** The recorded calls, in order. */
  get calls(): readonly ConfigCall[] {
    return [...this.#calls]
  }

  /** Runs on the CPU (`disable_gpu`). This is the default. */
  disableGpu(): this {
    return this.#record('disable_gpu')
  }

  /**
   * Runs on a GPU (`enable_use_gpu`). Creating the predictor fails with DEVICE_UNAVAILABLE on a wheel without CUDA.
   *
   * @param memoryPoolInitSizeMb Memory to take at the start, in MiB.
   * @param deviceId The GPU's number.
   */
  enableUseGpu(memoryPoolInitSizeMb: number, deviceId = 0): this {
    checkInteger('memoryPoolInitSizeMb', memoryPoolInitSizeMb, 1)
    checkInteger('deviceId', deviceId, 0)
    return this.#record('enable_use_gpu', memoryPoolInitSizeMb, deviceId)
  }

  /** Threads that one run of a CPU operator may use (`set_cpu_math_library_num_threads`); paddle's default is 1. */
  setCpuMathLibraryNumThreads(threads: number): this {
    checkInteger('threads', threads, 1)
    return this.#record('set_cpu_math_library_num_threads', threads)
  }

  /** Uses oneDNN's kernels on the CPU (`enable_mkldnn`). Paddle's wheels do so by default. */
  enableMkldnn(): this {
    return this.#record('enable_mkldnn')
  }

  /** Leaves oneDNN out (`disable_mkldnn`): slower, but some networks need it. */
  disableMkldnn(): this {
    return this.#record('disable_mkldnn')
  }

  /** Lets intermediate tensors share memory (`enable_memory_optim`). */
  enableMemoryOptim(on = true): this {
    return this.#record('enable_memory_optim', on)
  }

  /** Optimises the graph when the predictor is made (`switch_ir_optim`); paddle does so by default. */
  switchIrOptim(on = true): this {
    return this.#record('switch_ir_optim', on)
  }

  #record(method: string, ...args: ConfigArgument[]): this {
    this.#calls.push([method, args])
    return this
  }
}
