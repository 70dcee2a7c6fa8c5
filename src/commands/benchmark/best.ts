import { nearestRank } from './distribution.js'
import { isMeasured, type Measured, type Row } from './rows.js'
import { settingKey } from './settings.js'

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
