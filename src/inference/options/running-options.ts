import type { XpuArguments } from '../config/index.js'
import type { OneDnnOptions } from './one-dnn.js'
import type { PassOptions } from './passes.js'
import type { TensorRtOptions } from './tensor-rt.js'

/** What a network computes in. */
export type Precision = 'fp32' | 'fp16' | 'bf16' | 'int8'

/** The options that say how a predictor computes. */
export interface RunningOptions {
  /**
   * `cpu`, `gpu`, `gpu:N`, `xpu`, `xpu:N`, `ipu`, or a device that a plugin brings, such as `npu:0`.
   * @default 'cpu'
   */
  readonly device?: string | undefined
  /** GPU memory to take at the start, in MiB. @default 1000 */
  readonly gpuMemoryMb?: number | undefined
  /** How an XPU is used: the arguments of `Config.enableXpu`. @default paddle's */
  readonly xpu?: XpuArguments | undefined
  /**
   * Threads that one run may use. `auto`: as many as there are cores to use, which in a container are its share; in a pool, divided by
   * its workers. @default 1
   */
  readonly cpuThreads?: number | 'auto' | undefined
  /**
   * Whether the CPU computes with oneDNN. `auto`: yes, but where a model cannot be made or run with it, it is made again
   * without, with a warning. With `true`, or an object that says how, that is an error. @default 'auto'
   */
  readonly oneDnn?: 'auto' | boolean | OneDnnOptions | undefined
  /**
   * What to compute in. A CPU has `bf16` and `int8` (for a model that was quantised) by oneDNN; a GPU `fp16` and `bf16`, and with TensorRT
   * `int8`. Whether the network works in `bf16` on a CPU is tried by one run on made-up inputs, in a process of its own. @default 'fp32'
   */
  readonly precision?: Precision | undefined
  /** Hands what it can to TensorRT, with `device: 'gpu'`. @default false */
  readonly tensorRt?: boolean | TensorRtOptions | undefined
  /** Hands the network to ONNX Runtime, where the wheel has it. @default false */
  readonly onnxRuntime?: boolean | undefined
  /** Hands the network to OpenVINO, where the wheel has it. @default false */
  readonly openVino?: boolean | undefined
  /** Compiles with CINN, where the wheel has it. @default false */
  readonly cinn?: boolean | undefined
  /** Optimises the graph when the predictor is made. @default true */
  readonly irOptim?: boolean | undefined
  /** Which passes optimise it. @default paddle's */
  readonly passes?: PassOptions | undefined
  /** How much is optimised in the form of Paddle 3, from 0 to 2. @default 2 */
  readonly optimizationLevel?: number | undefined
  /** Runs the program in the form of Paddle 3. @default true for `.json`, else false */
  readonly newIr?: boolean | undefined
  /** Runs it with the executor of Paddle 3. @default true for `.json`, else false */
  readonly newExecutor?: boolean | undefined
  /** Lets intermediate tensors share memory. @default true */
  readonly memoryOptim?: boolean | undefined
  /** Where paddle keeps what it optimised, such as TensorRT's engines. @default beside the model */
  readonly optimCacheDir?: string | undefined
  /** Measures operators; paddle prints them when the predictor ends. @default false */
  readonly profile?: boolean | undefined
}

/** With what is not given, as far as a device needs it. */
export type FilledRunningOptions = RunningOptions & {
  readonly [Name in 'device' | 'gpuMemoryMb' | 'oneDnn' | 'precision' | 'tensorRt']-?: Exclude<
    RunningOptions[Name],
    undefined
  >
}
