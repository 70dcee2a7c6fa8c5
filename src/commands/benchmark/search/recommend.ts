import type { PredictorOptions } from '../../../inference/index.js'
import { shellCommand } from '../../terminal/shell-command.js'
import { nearestRank } from '../../../distribution.js'
import { isMeasured, type Measured, type Row } from '../measure/rows.js'
import { executorOptions, settingKey } from './settings.js'

/** A recommended setting: as flags, as a command and as options. */
export interface Recommendation {
  readonly measured: Measured
  readonly batchSize: number
  /** Flags of `paddle-ts infer`; `inspect` also takes `--precision` and those after it. */
  readonly flags: string
  /** The full command, with images. */
  readonly command: string | undefined
  /** Options for `PredictorPool.create`. */
  readonly options: PredictorOptions & { readonly workers: number }
}

export interface Recommendations {
  readonly throughput: Recommendation
  readonly latency: Recommendation
}

/** The arguments of the command that apply to all settings. */
export interface Given {
  readonly model: string
  readonly imgPath: readonly string[] | undefined
  readonly options: Omit<PredictorOptions, 'model'>
  /** The flags of these options and of the images, as typed. */
  readonly flags: readonly string[]
}

/** The default of `--max-batch-size` of `infer`. */
const maxBatchSize = 16

export function recommend({ throughput, latency }: Best, given: Given): Recommendations {
  // With images, latency is measured with single images, whatever the batch size.
  const batchSize = given.imgPath ? 1 : latency.setting.batchSize
  return {
    throughput: recommendOne(throughput, given, throughput.setting.batchSize),
    latency: recommendOne(latency, given, batchSize),
  }
}

function recommendOne(measured: Measured, given: Given, batchSize: number): Recommendation {
  const { workers, cpuThreads, precision, executor } = measured.setting
  const { newIr, newExecutor } = executorOptions[executor]
  // Avoids the fallback, which loads the model twice.
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

/** The best settings. */
export interface Best {
  readonly throughput: Measured
  readonly latency: Measured
}

/** Relative difference below which two measurements count as equal. */
const tolerance = 0.03

/**
 * The settings within the tolerance of the best that need the fewest resources; undefined without
 * measurements.
 */
export function bestOf(rows: readonly Row[]): Best | undefined {
  const measured = rows.filter(isMeasured)
  const throughput = best(measured, (row) => 1 / row.throughput)
  const latency = best(measured.filter(hasFewestWorkers), medianLatency)
  return throughput && latency && { throughput, latency }
}

/** The median latency of single requests, in milliseconds. */
export function medianLatency({ latencies }: Measured): number {
  return nearestRank(latencies, 50)
}

/** Single requests always run on the first worker, so the number of workers does not affect the latency. */
function hasFewestWorkers({ setting }: Measured, _: number, all: readonly Measured[]): boolean {
  const { workers } = setting
  return !all.some(
    ({ setting: other }) =>
      other.workers < workers && settingKey({ ...other, workers }) === settingKey(setting),
  )
}

function best(rows: readonly Measured[], cost: (row: Measured) => number): Measured | undefined {
  const least = Math.min(...rows.map(cost))
  const [first] = rows
    .filter((row) => cost(row) <= least * (1 + tolerance))
    .sort((a, b) => needs(a) - needs(b) || cost(a) - cost(b))
  return first
}

/** Ranks the resources: workers (memory), then threads (cores), then batch size (time). */
function needs({ setting: { workers, cpuThreads, batchSize } }: Measured): number {
  return workers * 1e8 + cpuThreads * 1e4 + batchSize
}
