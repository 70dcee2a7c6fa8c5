import type { PredictorOptions } from '../../../inference/index.js'
import { shellCommand } from '../../terminal/shell-command.js'
import { nearestRank } from '../measure/distribution.js'
import { isMeasured, type Measured, type Row } from '../measure/rows.js'
import { executorOptions, settingKey } from './settings.js'

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

/** The settings to use. */
export interface Best {
  readonly throughput: Measured
  readonly latency: Measured
}

/** What differs by less is taken for equal: so much two measurements of the same thing differ. */
const tolerance = 0.03

/** Of settings that are as good as the best, those that need the least. Undefined when nothing was measured. */
export function bestOf(rows: readonly Row[]): Best | undefined {
  const measured = rows.filter(isMeasured)
  const throughput = best(measured, (row) => 1 / row.throughput)
  const latency = best(measured.filter(hasFewestWorkers), medianLatency)
  return throughput && latency && { throughput, latency }
}

/** The median time of a request that is the only one, in milliseconds. */
export function medianLatency({ latencies }: Measured): number {
  return nearestRank(latencies, 50)
}

/** A request that is the only one is always the first worker's: what more of them seem to gain is noise. */
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

/** Processes cost memory, threads cores, and large batches time: in this order. */
function needs({ setting: { workers, cpuThreads, batchSize } }: Measured): number {
  return workers * 1e8 + cpuThreads * 1e4 + batchSize
}
