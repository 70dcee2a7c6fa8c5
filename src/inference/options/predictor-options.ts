import type { ModelBuffers } from '../../model/index.js'
import {
  anything,
  boolean,
  callback,
  either,
  int,
  objectOf,
  or,
  path,
  text,
  word,
  type Form,
  type Row,
} from '../../options/index.js'
import type { Config } from '../config/index.js'
import { xpuForm } from '../config/xpu-arguments.js'
import { usableCores } from '../usable-cores.js'
import type { WarningListener } from '../../warnings.js'
import { waitForm, type WaitOptions } from './call-options.js'
import { devices, useDevice } from './device.js'
import { oneDnnForm } from './one-dnn.js'
import { passForm, usePasses } from './passes.js'
import type { FilledRunningOptions, RunningOptions } from './running-options.js'
import { precisions, precisionTypes, tensorRtForm, useTensorRt } from './tensor-rt.js'

/** How a predictor starts. */
export interface StartOptions extends WaitOptions {
  /** The Python to use. @default `PADDLE_TS_PYTHON`, else the managed one */
  readonly python?: string | undefined
  /**
   * Whether a request that cannot be met (a GPU on a CPU wheel, bf16 on a CPU without it, …) is an error.
   * With `false`, it is a warning, and the predictor runs without it.
   * @default true
   */
  readonly strict?: boolean | undefined
  /**
   * Whether a feed that differs from a fixed dimension of the program is an error. With `false`, it is the warning
   * DIMENSIONS_DIFFER, once for each input: a network that was exported at 224×224 may well run at 318×318, but
   * paddle does not tell whether its results are right.
   * @default false
   */
  readonly strictShapes?: boolean | undefined
  /** Is called with each warning. Its exceptions are not caught. @default emits Node warnings, on stderr */
  readonly onWarning?: WarningListener | undefined
  /**
   * A Python function, `FILE.py:FUNCTION`, that is called last with the native Config, for settings that no
   * method covers. The code runs unchecked: name only a file that you trust.
   * @default none
   */
  readonly prepare?: string | undefined
}

export const startForm = {
  python: path(),
  ...waitForm,
  strict: or(boolean, true),
  strictShapes: or(boolean, false),
  onWarning: callback<WarningListener>(),
  prepare: text,
} satisfies Form<StartOptions>

/** The options form of a Config. */
export interface PredictorOptions extends RunningOptions, StartOptions {
  /** A model folder, a prefix (`model/inference`), the program file, or the bytes of the files. */
  readonly model: string | ModelBuffers
  /** The parameters file. @default beside the program */
  readonly params?: string | undefined
}

/** An option and its effect on a Config; without `apply`, another option applies it. */
export interface Effect<Value> extends Row<Value> {
  apply?(config: Config, value: Value, options: FilledRunningOptions): void
}

/** A switch that is off by default. */
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
  // As in paddle's tutorials.
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
  // Last, because other options add passes of their own.
  passes: { ...objectOf(passForm), apply: usePasses },
}

/** `model` is checked where it is set. */
export const predictorForm = {
  model: anything,
  params: path(),
  ...runningForm,
  ...startForm,
} satisfies Form<PredictorOptions>
