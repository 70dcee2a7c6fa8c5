import { nearestRank } from '../measure/distribution.js'
import { isMeasured, type Measured } from '../measure/rows.js'
import { describePool, describeSetting, inOrder } from '../search/settings.js'
import { unitOf, type BenchmarkResult } from './result.js'

interface Series {
  readonly label: string
  readonly values: readonly (number | null)[]
  /** Whether it is drawn before someone asks for it. */
  readonly shown?: boolean
}

/** What report/page.js draws. */
export interface PlotData {
  readonly unit: string
  /** A line for each pool, over the sizes of batches. */
  readonly throughput: { readonly batches: readonly number[]; readonly series: readonly Series[] }
  /** A line for each setting: which part of the requests took no longer than so many milliseconds. */
  readonly latency: { readonly percents: readonly number[]; readonly series: readonly Series[] }
}

/** More lines than this are not told apart: the others wait in the legend. */
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
