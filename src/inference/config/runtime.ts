import { reads, sets, type Table } from './define-methods.js'
import { flag } from './params.js'

/** Paddle's `NativeConfig`, the form of Paddle 1 that a Config can be written in. */
export interface NativeConfig {
  readonly cpuMathLibraryNumThreads: number
  readonly device: number
  readonly fractionOfGpuMemory: number
  readonly modelDir: string
  readonly paramFile: string
  readonly progFile: string
  readonly specifyInputName: boolean
  readonly useGpu: boolean
  readonly useXpu: boolean
}

/** Memory, profiling, what paddle logs, and what it says of the Config. */
export interface RuntimeMethods {
  /** Lets intermediate tensors share memory (`enable_memory_optim`). */
  enableMemoryOptim(on?: boolean): this
  /** Measures operators; paddle prints them when the predictor ends (`enable_profile`). */
  enableProfile(): this
  /** Keeps paddle from logging (`disable_glog_info`). Each worker begins with it. */
  disableGlogInfo(): this
  glogInfoDisabled(): Promise<boolean>

  /** Paddle's own table of what is set. */
  summary(): Promise<string>
  /** The folder of the model, where it was given by one. */
  modelDir(): Promise<string>
  /** The program's file. */
  progFile(): Promise<string>
  /** The parameters' file. */
  paramsFile(): Promise<string>
  /** The Config in the form of Paddle 1 (`to_native_config`). */
  toNativeConfig(): Promise<NativeConfig>
}

export const runtimeMethods: Table<RuntimeMethods> = {
  enableMemoryOptim: sets('enable_memory_optim', flag('on', true)),
  enableProfile: sets('enable_profile'),
  disableGlogInfo: sets('disable_glog_info'),
  glogInfoDisabled: reads('glog_info_disabled'),
  summary: reads('summary'),
  modelDir: reads('model_dir'),
  progFile: reads('prog_file'),
  paramsFile: reads('params_file'),
  toNativeConfig: reads('to_native_config'),
}
