import type { PaddleError } from '../../../errors.js'
import { distributionOf } from '../../../distribution.js'
import { isMeasured, type Measured, type Row } from '../measure/rows.js'
import { inOrder } from '../search/settings.js'
import { unitOf, type BenchmarkResult } from './result.js'

/** A row of the table; a failed setting has an error instead of figures. */
export interface TableRow {
  readonly setting: readonly string[]
  readonly figures: readonly string[]
  readonly bestFor: string
  readonly error: PaddleError | undefined
}

export interface TextTable {
  readonly settingHead: readonly string[]
  readonly figuresHead: readonly string[]
  readonly rows: readonly TableRow[]
}

/** The table, sorted by setting. */
export function tableOf(outcome: BenchmarkResult): TextTable {
  const hasLoad = outcome.images === undefined
  return {
    settingHead: ['workers', 'threads', 'batch', 'precision', 'executor'],
    figuresHead: [
      `${unitOf(outcome)}/s`,
      'p50 ms',
      'p95 ms',
      'p99 ms',
      ...(hasLoad ? ['loaded p99 ms'] : []),
      'runs',
    ],
    rows: outcome.rows
      .toSorted((a, b) => inOrder(a.setting, b.setting))
      .map((row) => {
        const { workers, cpuThreads, batchSize, precision, executor } = row.setting
        return {
          setting: [workers, cpuThreads, batchSize, precision, executor].map(String),
          figures: isMeasured(row) ? figuresOf(row) : [],
          bestFor: bestFor(outcome, row),
          error: row.error,
        }
      }),
  }
}

function figuresOf({ throughput, latencies, loadedLatencies, runs }: Measured): string[] {
  const { p50, p95, p99 } = distributionOf(latencies)
  const loaded = loadedLatencies ? [distributionOf(loadedLatencies).p99] : []
  return [rate(throughput), ...[p50, p95, p99, ...loaded].map(milliseconds), String(runs)]
}

function bestFor({ best }: BenchmarkResult, row: Row): string {
  return [
    ...(best?.throughput.measured === row ? ['throughput'] : []),
    ...(best?.latency.measured === row ? ['latency'] : []),
  ].join(', ')
}

export function rate(perSecond: number): string {
  return perSecond.toFixed(1)
}

export function milliseconds(value: number): string {
  return value.toFixed(2)
}
