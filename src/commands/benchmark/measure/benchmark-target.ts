import type { PredictorInfo, PredictorOptions, PredictorWarning } from '../../../inference/index.js'
import type { PoolSetting } from '../search/settings.js'
import type { Limit } from './closed-loop.js'
import type { Shapes } from './shapes.js'

/** A model in a pool of one setting, which is measured. */
export interface BenchmarkTarget extends AsyncDisposable {
  readonly info: PredictorInfo
  /** The shapes for a batch of one, if the tensors are made up. */
  readonly shapes?: Shapes | undefined
  /** Excludes one-time work from the measurements. */
  warmUp(batchSize: number, runs: number): Promise<void>
  /** Measures at full load: samples per second, and the durations of the runs without images. */
  load(batchSize: number, limit: Limit): Promise<Loaded>
  /** Measures one request at a time. @returns the durations in milliseconds */
  alone(batchSize: number, limit: Limit): Promise<readonly number[]>
}

interface Loaded {
  readonly throughput: number
  readonly runs: number
  readonly latencies: readonly number[] | undefined
}

/** Options of all pools, besides those of the setting. */
export type CommonOptions = Omit<PredictorOptions, 'model' | 'cpuThreads' | 'precision'> & {
  readonly signal: AbortSignal
  readonly onWarning: (warning: PredictorWarning) => void
}

/** Loads the model in a pool of the setting. */
export type OpenTarget = (setting: PoolSetting) => Promise<BenchmarkTarget>
