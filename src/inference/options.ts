import type { Config } from './config/index.js'

export type { OneDnnOptions } from './options/one-dnn.js'
export type { PassOptions } from './options/passes.js'
export type { DynamicShape, TensorRtOptions } from './options/tensor-rt.js'
export { toConfig } from './options/to-config.js'
export {
  predictorForm,
  startForm,
  type Precision,
  type PredictorOptions,
  type RunningOptions,
  type StartOptions,
} from './options/predictor-options.js'

export { waitForm, type WaitOptions } from './wait-options.js'

/** The threads that a Config asks for; undefined where it says nothing of them. */
export function cpuThreadsOf({ calls }: Config): number | undefined {
  const call = calls.findLast(({ name }) => name === 'setCpuMathLibraryNumThreads')
  return call?.args[0] as number | undefined
}
