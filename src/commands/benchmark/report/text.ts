import { describeInFlags } from '../../flags/flag-errors.js'
import { plainTable } from '../../terminal/plain-table.js'
import { medianLatency, type Recommendation } from '../search/recommend.js'
import { describeSetting } from '../search/settings.js'
import {
  describeMachine,
  describeTarget,
  precisionCaution,
  stopReason,
  unitOf,
  type BenchmarkResult,
} from './result.js'
import { milliseconds, rate, tableOf } from './table.js'

/** The table, the failures, and the recommended settings. */
export function asText(outcome: BenchmarkResult): string {
  const parts = [
    `${outcome.model}: ${describeTarget(outcome)}`,
    ...describeMachine(outcome),
    ...(outcome.rows.length > 0 ? [drawn(outcome)] : []),
    ...failuresOf(outcome),
    ...adviceOf(outcome),
    precisionCaution(outcome) ?? [],
    stopReason(outcome) ?? [],
  ]
  return parts
    .flat()
    .map((part) => `${part}\n`)
    .join('')
}

function drawn(outcome: BenchmarkResult): string {
  const { settingHead, figuresHead, rows } = tableOf(outcome)
  const figures = figuresHead.length
  const table = plainTable([...right(3), 'left', 'left', ...right(figures), 'left'])
  table.push([...settingHead, ...figuresHead, 'best for'])
  for (const { setting, figures: cells, bestFor, error } of rows) {
    table.push(
      error
        ? [...setting, { content: error.code, colSpan: figures + 1, hAlign: 'left' }]
        : [...setting, ...cells, bestFor],
    )
  }
  return table.toString().replaceAll(/ +$/gm, '')
}

function right(count: number): 'right'[] {
  return Array.from({ length: count }, () => 'right')
}

/** Each error once, with its settings. */
export function failuresOf({ rows }: BenchmarkResult): string[] {
  const settingsOf = new Map<string, string[]>()
  for (const { setting, error } of rows) {
    if (!error) continue
    const reason = describeInFlags(error)
    settingsOf.set(reason, [...(settingsOf.get(reason) ?? []), describeSetting(setting)])
  }
  return [...settingsOf].map(([reason, settings]) => `Not measured: ${few(settings)}\n${reason}`)
}

/** Up to three names, or the first one and the number of others. */
function few(names: readonly string[]): string {
  const [first = ''] = names
  return names.length > 3 ? `${first}, and ${names.length - 1} more` : names.join('; ')
}

function adviceOf(outcome: BenchmarkResult): string[] {
  const { best } = outcome
  if (!best) return []
  const { throughput, latency } = best
  return [
    `Best throughput, ${rate(throughput.measured.throughput)} ${unitOf(outcome)}/s:`,
    `  ${whatToUse(throughput)}`,
    `Best latency, ${milliseconds(medianLatency(latency.measured))} ms:`,
    `  ${whatToUse(latency)}`,
  ]
}

function whatToUse({ command, flags }: Recommendation): string {
  return command ?? flags
}
