import { nearestRank } from '../../../distribution.js'
import { isMeasured, type Measured } from '../measure/rows.js'
import { describePool, describeSetting, inOrder } from '../search/settings.js'
import { unitOf, type BenchmarkResult } from './result.js'

interface Series {
  readonly label: string
  readonly values: readonly (number | null)[]
  /** Whether the line is visible initially. */
  readonly shown?: boolean
}

/** The data of the plots in report/page.js. */
export interface PlotData {
  readonly unit: string
  /** A line per pool, over the batch sizes. */
  readonly throughput: { readonly batches: readonly number[]; readonly series: readonly Series[] }
  /** A line per setting: the percentage of requests that took no longer than a number of milliseconds. */
  readonly latency: { readonly percents: readonly number[]; readonly series: readonly Series[] }
}

/** The maximum number of lines that are visible initially; the others can be shown in the legend. */
const linesAtFirst = 6

const percents = Array.from({ length: 101 }, (_, percent) => percent)

export function plotDataOf(outcome: BenchmarkResult): PlotData {
  const rows = outcome.rows.filter(isMeasured).toSorted((a, b) => inOrder(a.setting, b.setting))
  return {
    unit: `${unitOf(outcome)}/s`,
    throughput: throughputOf(rows),
    latency: { percents, series: latencySeries(rows, outcome) },
  }
}

function throughputOf(rows: readonly Measured[]): PlotData['throughput'] {
  const batches = [...new Set(rows.map(({ setting }) => setting.batchSize))].sort((a, b) => a - b)
  const labels = [...new Set(rows.map(({ setting }) => describePool(setting)))]
  const valueOf = (label: string, batchSize: number): number | null =>
    rows.find(({ setting }) => describePool(setting) === label && setting.batchSize === batchSize)
      ?.throughput ?? null
  const series = labels.map((label) => ({ label, values: batches.map((size) => valueOf(label, size)) }))
  return { batches, series }
}

function latencySeries(rows: readonly Measured[], { best }: BenchmarkResult): Series[] {
  const first = new Set([
    best?.latency.measured,
    best?.throughput.measured,
    ...rows.slice(0, linesAtFirst - 2),
  ])
  return rows.map((row) => ({
    label: describeSetting(row.setting),
    values: percents.map((percent) => nearestRank(row.latencies, percent)),
    shown: rows.length <= linesAtFirst || first.has(row),
  }))
}
