import type { ModelBuffers } from '../../model/index.js'
import type { XpuArguments } from '../config/index.js'
import type { WarningListener } from '../warnings.js'
import type { OneDnnOptions } from './one-dnn.js'
import type { PassOptions } from './passes.js'
import type { TensorRtOptions } from './tensor-rt.js'

/** What every wait takes. */
export interface WaitOptions {
  /** Ends the work: it is rejected with ABORTED. */
  readonly signal?: AbortSignal | undefined
  /** The longest time to take, in milliseconds; then it is rejected with TIMEOUT. @default none */
  readonly timeoutMs?: number | undefined
}

/** How a predictor is started. */
export interface StartOptions extends WaitOptions {
  /**
   * The Python to use. @default `PADDLE_TS_PYTHON`, else the managed one
   */
  readonly python?: string | undefined
  /**
   * What was asked for and cannot be had (a GPU on a CPU wheel, bf16 on a CPU without it, …) is an error; `false`: a warning, and the
   * predictor runs without it. @default true
   */
  readonly strict?: boolean | undefined
  /** Is told what one should know that did not stop the work. What it throws is not caught. @default Node's own warnings, on stderr */
  readonly onWarning?: WarningListener | undefined
  /**
   * A Python function, `FILE.py:FUNCTION`, that is given the native Config last: for what no method foresees. It is run as it stands: name
   * only a file that you trust. @default none
   */
  readonly prepare?: string | undefined
}

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

/** The short form of a Config. */
export interface PredictorOptions extends RunningOptions, StartOptions {
  /** A model folder, a prefix (`model/inference`), the program's file, or the bytes of the files. */
  readonly model: string | ModelBuffers
  /** The file of the parameters. @default beside the program */
  readonly params?: string | undefined
}

export const predictorDefaults = {
  device: 'cpu',
  // As paddle's tutorials have it.
  gpuMemoryMb: 1000,
  oneDnn: 'auto',
  precision: 'fp32',
  memoryOptim: true,
} as const satisfies RunningOptions
