import { messageInFlags } from '../../flags/flag-errors.js'
import { distributionOf } from '../../../distribution.js'
import { isMeasured, type Row } from '../measure/rows.js'
import type { Recommendation } from '../search/recommend.js'
import { unitOf, type BenchmarkResult } from './result.js'

/** The result as one JSON object; undefined values are omitted. */
export function asJson(outcome: BenchmarkResult): string {
  const { model, info, date, command, machine, images, shapes, rows, best, stopped } = outcome
  const value = {
    model,
    program: info?.model,
    format: info?.format,
    device: info?.device,
    date: date.toISOString(),
    command,
    versions: { paddle: info?.paddle, paddleTs: machine.paddleTs, node: machine.node },
    machine: { cpu: machine.cpu, cores: machine.cores, platform: machine.platform },
    images,
    shapes: shapes && Object.fromEntries(shapes),
    unit: `${unitOf(outcome)}/s`,
    results: rows.map(resultOf),
    best: best && { throughput: adviceOf(best.throughput), latency: adviceOf(best.latency) },
    stopped,
  }
  return `${JSON.stringify(value, undefined, 2)}\n`
}

function resultOf(row: Row): object {
  if (!isMeasured(row))
    return { ...row.setting, error: { code: row.error.code, message: messageInFlags(row.error) } }
  const { setting, throughput, runs, latencies, loadedLatencies, withoutOneDnn } = row
  return {
    ...setting,
    throughput: rounded(throughput),
    runs,
    latencyMs: figuresOf(latencies),
    loadedLatencyMs: loadedLatencies && figuresOf(loadedLatencies),
    ...(withoutOneDnn && { withoutOneDnn }),
  }
}

function adviceOf({ measured, batchSize, flags, command, options }: Recommendation): object {
  return { ...measured.setting, batchSize, flags, command, options }
}

function figuresOf(values: readonly number[]): object {
  return Object.fromEntries(
    Object.entries(distributionOf(values)).map(([name, value]) => [name, rounded(value)]),
  )
}

/** Rounds to three decimals: microseconds. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
