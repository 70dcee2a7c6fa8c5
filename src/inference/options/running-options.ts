import type { XpuArguments } from '../config/index.js'
import type { OneDnnOptions } from './one-dnn.js'
import type { PassOptions } from './passes.js'
import type { TensorRtOptions } from './tensor-rt.js'

/** The precision that a network computes in. */
export type Precision = 'fp32' | 'fp16' | 'bf16' | 'int8'

/** The options that determine how a predictor computes. */
export interface RunningOptions {
  /**
   * `cpu`, `gpu`, `gpu:N`, `xpu`, `xpu:N`, `ipu`, or the device of a plugin, such as `npu:0`.
   * @default 'cpu'
   */
  readonly device?: string | undefined
  /** GPU memory to allocate at the start, in MiB. @default 1000 */
  readonly gpuMemoryMb?: number | undefined
  /** The arguments of `Config.enableXpu`. @default paddle's */
  readonly xpu?: XpuArguments | undefined
  /**
   * Threads per run. `auto`: as many as the usable cores, which in a container are its CPU quota; in a pool,
   * divided by its workers.
   * @default 1
   */
  readonly cpuThreads?: number | 'auto' | undefined
  /**
   * Whether the CPU computes with oneDNN. `auto` uses it, but reloads a model that does not load or run with
   * it without oneDNN, with a warning. With `true` or an object of settings, such a failure is an error.
   * @default 'auto'
   */
  readonly oneDnn?: 'auto' | boolean | OneDnnOptions | undefined
  /**
   * The precision to compute in. A CPU supports `bf16` and `int8` (for a quantised model) through oneDNN; a
   * GPU supports `fp16` and `bf16`, and `int8` with TensorRT. On a CPU, a trial run on generated feeds in its
   * own process checks whether the network works in `bf16`.
   * @default 'fp32'
   */
  readonly precision?: Precision | undefined
  /** Runs supported parts of the network in TensorRT, with `device: 'gpu'`. @default false */
  readonly tensorRt?: boolean | TensorRtOptions | undefined
  /** Runs the network in ONNX Runtime, if the wheel has it. @default false */
  readonly onnxRuntime?: boolean | undefined
  /** Runs the network in OpenVINO, if the wheel has it. @default false */
  readonly openVino?: boolean | undefined
  /** Compiles with CINN, if the wheel has it. @default false */
  readonly cinn?: boolean | undefined
  /** Optimises the graph when the predictor is created. @default true */
  readonly irOptim?: boolean | undefined
  /** The passes that optimise the graph. @default paddle's */
  readonly passes?: PassOptions | undefined
  /** The optimisation level for programs of Paddle 3, from 0 to 2. @default 2 */
  readonly optimizationLevel?: number | undefined
  /** Runs the program in the form of Paddle 3 (PIR). @default true for `.json`, else false */
  readonly newIr?: boolean | undefined
  /** Uses the executor of Paddle 3. @default true for `.json`, else false */
  readonly newExecutor?: boolean | undefined
  /** Lets intermediate tensors share memory. @default true */
  readonly memoryOptim?: boolean | undefined
  /** The folder in which paddle caches optimised data, such as TensorRT engines. @default beside the model */
  readonly optimCacheDir?: string | undefined
  /** Profiles operators; paddle prints the profile when the predictor ends. @default false */
  readonly profile?: boolean | undefined
}

/** With the defaults that a device depends on. */
export type FilledRunningOptions = RunningOptions & {
  readonly [Name in 'device' | 'gpuMemoryMb' | 'oneDnn' | 'precision' | 'tensorRt']-?: Exclude<
    RunningOptions[Name],
    undefined
  >
}
