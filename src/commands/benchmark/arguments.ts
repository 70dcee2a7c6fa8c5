import type { Precision } from '../../inference/index.js'
import type { TaskName } from '../../tasks/index.js'
import type { Executor } from './search/settings.js'

/** Validated arguments of `benchmark`, without the predictor's flags. */
export interface BenchmarkArguments {
  readonly modelDir: string
  readonly imgPath?: readonly string[] | undefined
  /** Whether a folder stands for the images in its subfolders too. */
  readonly recursive: boolean
  /** @default by the model's own file */
  readonly task?: TaskName | undefined
  readonly shape?: readonly (readonly [name: string, shape: readonly number[]])[] | undefined
  readonly workers?: readonly (number | 'auto')[] | undefined
  readonly cpuThreads?: readonly (number | 'auto')[] | undefined
  readonly batchSize?: readonly number[] | undefined
  readonly precision?: readonly Precision[] | undefined
  readonly executor?: readonly Executor[] | undefined
  readonly tune: boolean
  readonly maxSeconds?: number | undefined
  readonly duration?: number | undefined
  readonly runs?: number | undefined
  readonly warmup: number
  readonly json: boolean
  readonly output?: string | undefined
  readonly report?: string | undefined
  readonly python?: string | undefined
}
