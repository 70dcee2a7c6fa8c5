import type { Config } from '../config/index.js'

export type { OneDnnOptions } from './one-dnn.js'
export type { PassOptions } from './passes.js'
export type { DynamicShape, TensorRtOptions } from './tensor-rt.js'
export type { ConfigOr, OptionsWithConfig } from './config-or-options.js'
export { toConfig } from './to-config.js'
export { predictorForm, startForm, type PredictorOptions, type StartOptions } from './predictor-options.js'
export type { Precision, RunningOptions } from './running-options.js'

export { waitForm, type WaitOptions } from './call-options.js'

/** The threads that a Config sets; undefined if it does not set them. */
export function cpuThreadsOf({ calls }: Config): number | undefined {
  const call = calls.findLast(({ name }) => name === 'setCpuMathLibraryNumThreads')
  return call?.args[0] as number | undefined
}
