import type { Measured, Row } from '../../src/commands/benchmark/measure/rows.js'
import type { BenchmarkResult } from '../../src/commands/benchmark/report/result.js'
import { bestOf, recommend } from '../../src/commands/benchmark/search/recommend.js'
import type { Setting } from '../../src/commands/benchmark/search/settings.js'

const usual: Setting = { workers: 1, cpuThreads: 1, batchSize: 1, precision: 'fp32', executor: 'default' }

export function settingOf(setting: Partial<Setting> = {}): Setting {
  return { ...usual, ...setting }
}

/** A row with that throughput and equal latencies. */
export function measured(setting: Partial<Setting>, throughput: number, latency: number): Measured {
  const latencies = Array.from({ length: 10 }, () => latency)
  const loadedLatencies = latencies.map((each) => 2 * each)
  return {
    setting: settingOf(setting),
    throughput,
    runs: 20,
    latencies,
    loadedLatencies,
    withoutOneDnn: false,
  }
}

/** The report of these rows. */
export function outcomeOf(rows: readonly Row[], more: Partial<BenchmarkResult> = {}): BenchmarkResult {
  const best = bestOf(rows)
  const { model = 'model', images } = more
  const imgPath = images === undefined ? undefined : ['my photos']
  return {
    model,
    info: undefined,
    date: new Date('2026-01-02T03:04:05Z'),
    command: 'paddle-ts benchmark --model-dir model',
    machine: { cpu: 'A CPU', cores: 4, platform: 'linux x64', node: '20.20.2', paddleTs: '0.1.0' },
    images: undefined,
    shapes: new Map([['x', [1, 3, 224, 224]]]),
    rows,
    best: best && recommend(best, { model, imgPath, options: {}, flags: [] }),
    notes: [],
    stopped: undefined,
    ...more,
  }
}
