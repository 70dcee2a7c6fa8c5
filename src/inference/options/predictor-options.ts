import type { ModelBuffers } from '../../model/index.js'
import {
  objectOf,
  or,
  type Form,
  type Row,
  anything,
  boolean,
  callback,
  either,
  int,
  path,
  text,
  word,
} from '../../options/index.js'
import type { Config, XpuArguments } from '../config/index.js'
import { xpuForm } from '../config/xpu-arguments.js'
import { usableCores } from '../usable-cores.js'
import { waitForm, type WaitOptions } from '../wait-options.js'
import type { WarningListener } from '../warnings.js'
import { devices, useDevice } from './device.js'
import { oneDnnForm, type OneDnnOptions } from './one-dnn.js'
import { passForm, usePasses, type PassOptions } from './passes.js'
import { precisions, precisionTypes, tensorRtForm, useTensorRt, type TensorRtOptions } from './tensor-rt.js'

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

export const startForm = {
  python: path(),
  ...waitForm,
  strict: or(boolean, true),
  onWarning: callback<WarningListener>(),
  prepare: text,
} satisfies Form<StartOptions>

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

/** With what is not given, as far as a device needs it. */
export type FilledRunningOptions = RunningOptions & {
  readonly [Name in 'device' | 'gpuMemoryMb' | 'oneDnn' | 'precision' | 'tensorRt']-?: Exclude<
    RunningOptions[Name],
    undefined
  >
}

/** An option, and what it does to a Config, unless it is a part of what another one does. */
export interface Effect<Value> extends Row<Value> {
  apply?(config: Config, value: Value, options: FilledRunningOptions): void
}

/** A switch that is off. */
function enabling(apply: (config: Config, options: FilledRunningOptions) => void) {
  return {
    ...or(boolean, false),
    apply: (config: Config, on: boolean, options: FilledRunningOptions) => {
      if (on) apply(config, options)
    },
  }
}

/** In the order in which they are applied. */
export const runningForm: {
  readonly [Name in keyof RunningOptions]-?: Effect<Exclude<RunningOptions[Name], undefined>>
} = {
  device: {
    ...or(devices, 'cpu'),
    apply: (config, _, options) => {
      useDevice(config, options)
    },
  },
  // As paddle's tutorials have it.
  gpuMemoryMb: or(int(1), 1000),
  xpu: objectOf(xpuForm),
  oneDnn: or(either(word('auto'), boolean, objectOf(oneDnnForm)), 'auto'),
  precision: or(precisions, 'fp32'),
  cpuThreads: {
    ...either(int(1), word('auto')),
    apply: (config, threads) =>
      config.setCpuMathLibraryNumThreads(threads === 'auto' ? usableCores() : threads),
  },
  tensorRt: {
    ...or(either(boolean, objectOf(tensorRtForm)), false),
    apply: (config, how, { precision }) => {
      if (how !== false) useTensorRt(config, how === true ? {} : how, precision)
    },
  },
  onnxRuntime: enabling((config) => config.enableOnnxruntime()),
  openVino: enabling((config, { precision }) => config.enableOpenvinoEngine(precisionTypes[precision])),
  cinn: enabling((config) => config.enableCinn()),
  irOptim: { ...boolean, apply: (config, on) => config.switchIrOptim(on) },
  newIr: { ...boolean, apply: (config, on) => config.enableNewIr(on) },
  newExecutor: { ...boolean, apply: (config, on) => config.enableNewExecutor(on) },
  optimizationLevel: { ...int(0), apply: (config, level) => config.setOptimizationLevel(level) },
  optimCacheDir: { ...path(), apply: (config, folder) => config.setOptimCacheDir(folder) },
  memoryOptim: { ...enabling((config) => config.enableMemoryOptim()), default: true },
  profile: enabling((config) => config.enableProfile()),
  // What the others turn on brings passes of its own.
  passes: { ...objectOf(passForm), apply: usePasses },
}

/** Its model is checked where it is set. */
export const predictorForm = {
  model: anything,
  params: path(),
  ...runningForm,
  ...startForm,
} satisfies Form<PredictorOptions>
