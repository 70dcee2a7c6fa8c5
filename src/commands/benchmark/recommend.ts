import type { PredictorOptions } from '../../inference/index.js'
import type { Best } from './best.js'
import type { Measured } from './rows.js'
import { executorOptions } from './settings.js'
import { shellCommand } from '../shell-words.js'

/** What to use, in three ways to say it. */
export interface Recommendation {
  readonly measured: Measured
  readonly batchSize: number
  /** Flags of `paddle-ts infer`, of which `--precision` and those after it are of `inspect` too. */
  readonly flags: string
  /** With images: the whole command. */
  readonly command: string | undefined
  /** What `PredictorPool.create` is given. */
  readonly options: PredictorOptions & { readonly workers: number }
}

export interface Recommendations {
  readonly throughput: Recommendation
  readonly latency: Recommendation
}

/** What the command was given that goes for all settings. */
export interface Given {
  readonly model: string
  readonly imgPath: readonly string[] | undefined
  readonly options: Omit<PredictorOptions, 'model'>
  /** The flags of those options, and of how images are cut, as they were typed. */
  readonly flags: readonly string[]
}

/** The most that `infer` takes for `--batch-size` by itself. */
const maxBatchSize = 16

export function recommend({ throughput, latency }: Best, given: Given): Recommendations {
  // The latency of images is that of one at a time, whatever the batch.
  const batchSize = given.imgPath ? 1 : latency.setting.batchSize
  return {
    throughput: recommendOne(throughput, given, throughput.setting.batchSize),
    latency: recommendOne(latency, given, batchSize),
  }
}

function recommendOne(measured: Measured, given: Given, batchSize: number): Recommendation {
  const { workers, cpuThreads, precision, executor } = measured.setting
  const { newIr, newExecutor } = executorOptions[executor]
  // What turns itself off is started twice.
  const oneDnn = measured.withoutOneDnn && given.options.oneDnn === undefined ? false : undefined
  const flags = [
    ...['--workers', workers, '--cpu-threads', cpuThreads, '--batch-size', batchSize].map(String),
    ...(batchSize > maxBatchSize ? ['--max-batch-size', String(batchSize)] : []),
    ...(precision === 'fp32' ? [] : ['--precision', precision]),
    ...(newIr ? ['--new-ir'] : []),
    ...(newExecutor ? ['--new-executor'] : []),
    ...(oneDnn === false ? ['--no-one-dnn'] : []),
    ...given.flags,
  ]
  const images = given.imgPath?.flatMap((path) => ['--img-path', path])
  const own = {
    workers,
    cpuThreads,
    ...(precision !== 'fp32' && { precision }),
    ...executorOptions[executor],
  }
  return {
    measured,
    batchSize,
    flags: shellCommand(flags),
    command: images && shellCommand(['paddle-ts', 'infer', '--model-dir', given.model, ...images, ...flags]),
    options: { model: given.model, ...given.options, ...own, ...(oneDnn === false && { oneDnn }) },
  }
}
