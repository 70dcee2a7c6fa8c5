import type { PredictorInfo, PredictorOptions, PredictorWarning } from '../../../inference/index.js'
import type { PoolSetting } from '../search/settings.js'
import type { Limit } from './closed-loop.js'
import type { Shapes } from './shapes.js'

/** What is measured: a model under one setting of its pool. */
export interface BenchmarkTarget extends AsyncDisposable {
  readonly info: PredictorInfo
  /** What a batch of one is made of, where it is made. */
  readonly shapes?: Shapes | undefined
  /** Does what happens only once, so that it is not measured. */
  warmUp(batchSize: number, runs: number): Promise<void>
  /** Samples a second with all workers busy, and how long the runs took, where each is a request. */
  load(batchSize: number, limit: Limit): Promise<Loaded>
  /** How long each request took when it was the only one, in milliseconds. */
  alone(batchSize: number, limit: Limit): Promise<readonly number[]>
}

interface Loaded {
  readonly throughput: number
  readonly runs: number
  readonly latencies: readonly number[] | undefined
}

/** What every pool of the command is started with, beside its setting. */
export type CommonOptions = Omit<PredictorOptions, 'model' | 'cpuThreads' | 'precision'> & {
  readonly signal: AbortSignal
  readonly onWarning: (warning: PredictorWarning) => void
}

/** Loads the model under a setting. */
export type OpenTarget = (setting: PoolSetting) => Promise<BenchmarkTarget>
