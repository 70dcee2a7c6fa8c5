import { reads, sets, type Table } from './define-methods.js'
import { flag } from './params.js'

/** Paddle's `NativeConfig`, the Config of Paddle 1. */
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

/** Memory, profiling, logging, and descriptions of the Config. */
export interface RuntimeMethods {
  /** Lets intermediate tensors share memory (`enable_memory_optim`). */
  enableMemoryOptim(on?: boolean): this
  /** Profiles operators; paddle prints the profile when the predictor ends (`enable_profile`). */
  enableProfile(): this
  /** Disables paddle's log (`disable_glog_info`). Every worker starts with it disabled. */
  disableGlogInfo(): this
  glogInfoDisabled(): Promise<boolean>

  /** Paddle's table of the settings. */
  summary(): Promise<string>
  /** The model folder, if the model was set by folder. */
  modelDir(): Promise<string>
  /** The program file. */
  progFile(): Promise<string>
  /** The parameters file. */
  paramsFile(): Promise<string>
  /** Converts the Config to the form of Paddle 1 (`to_native_config`). */
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
