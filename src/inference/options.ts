import { wrongType } from '../errors.js'
import type { Config } from './config/index.js'
import { runningOptionNames } from './options/to-config.js'
import type { PredictorOptions, StartOptions } from './options/types.js'

export type { OneDnnOptions } from './options/one-dnn.js'
export type { PassOptions } from './options/passes.js'
export type { DynamicShape, TensorRtOptions } from './options/tensor-rt.js'
export { checkStartOptions, toConfig } from './options/to-config.js'
export type {
  Precision,
  PredictorOptions,
  RunningOptions,
  StartOptions,
  WaitOptions,
} from './options/types.js'

/** The names of {@link StartOptions}. */
export const startOptionNames = ['python', 'signal', 'timeoutMs', 'strict', 'onWarning', 'prepare']

/** @throws TypeError for what is no object at all */
export function checkGiven(options: unknown): void {
  if (typeof options !== 'object' || options === null) {
    throw wrongType('options', 'a Config or an options object', options)
  }
}

/** Those of the options that say how a predictor is started. */
export function pickStartOptions(options: PredictorOptions): StartOptions {
  checkGiven(options)
  const { python, signal, timeoutMs, strict, onWarning, prepare } = options
  return { python, signal, timeoutMs, strict, onWarning, prepare }
}

/** The names of the options of a predictor beside its model. */
export const predictorOptionNames: readonly string[] = ['params', ...runningOptionNames, ...startOptionNames]

/** Those of `options` that are a predictor's, beside its model. */
export function pickPredictorOptions(
  options: Omit<PredictorOptions, 'model'>,
): Omit<PredictorOptions, 'model'> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => predictorOptionNames.includes(name)))
}

/** The threads that a Config asks for; undefined where it says nothing of them. */
export function cpuThreadsOf({ calls }: Config): number | undefined {
  const call = calls.findLast(({ name }) => name === 'setCpuMathLibraryNumThreads')
  return call?.args[0] as number | undefined
}
