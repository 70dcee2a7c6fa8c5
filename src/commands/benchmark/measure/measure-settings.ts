import { rejectOnAbort } from '../../../async/index.js'
import { PaddleError } from '../../../errors.js'
import type { ProgressListener } from '../../../progress.js'
import { byPool, describeSetting, settingKey, type Setting } from '../search/settings.js'
import type { Limit } from './closed-loop.js'
import { ascending } from '../../../distribution.js'
import { isMeasured, type Row } from './rows.js'
import type { BenchmarkTarget, OpenTarget } from './benchmark-target.js'

/** Returns the next settings to measure, by the results so far. */
export type Stage = (rows: readonly Row[]) => readonly Setting[]

export interface MeasureOptions {
  readonly open: OpenTarget
  /** Runs of each worker before each setting. */
  readonly warmUp: number
  readonly limit: Limit
  /** No further setting starts after this time. */
  readonly maxSeconds: number
  readonly signal: AbortSignal
  readonly onProgress: ProgressListener
  /** Called with each row as soon as it is known. */
  readonly onRow: (row: Row) => void
}

/**
 * Measures the settings of all stages. A setting that fails is a row with an error.
 *
 * @returns false if the time ran out before all settings were measured
 * @throws PaddleError ABORTED; and while nothing is measured, errors that do not depend on the setting
 */
export async function measureSettings(stages: readonly Stage[], options: MeasureOptions): Promise<boolean> {
  const { maxSeconds } = options
  const end = performance.now() + 1000 * maxSeconds
  const rows: Row[] = []
  const onRow = (row: Row): void => {
    rows.push(row)
    options.onRow(row)
  }
  // The first setting is measured in any case.
  const isLate = (): boolean => rows.length > 0 && performance.now() >= end
  // Once a setting is measured, later errors do not discard it.
  const endsAll = ({ code }: PaddleError, codes: RegExp): boolean =>
    !rows.some(isMeasured) && codes.test(code)
  const poolOptions = { ...options, onRow, isLate, endsAll }
  for (const stage of stages) {
    const known = new Set(rows.map(({ setting }) => settingKey(setting)))
    for (const group of byPool(stage(rows).filter((setting) => !known.has(settingKey(setting))))) {
      if (isLate()) return false
      if (!(await measurePool(group, poolOptions))) return false
    }
  }
  return true
}

interface PoolOptions extends MeasureOptions {
  readonly isLate: () => boolean
  /** Whether an error ends the measurement: its code matches, and nothing is measured yet. */
  readonly endsAll: (error: PaddleError, codes: RegExp) => boolean
}

/** Measures settings that differ in the batch size only, on one pool. @returns false if the time ran out */
async function measurePool(settings: readonly Setting[], options: PoolOptions): Promise<boolean> {
  const { open, onRow, onProgress, isLate, endsAll } = options
  const [first] = settings
  if (!first) return true
  onProgress({ step: `Measuring ${describeSetting(first)}` })
  const opened = await orFailure(open(first), options)
  if (opened instanceof PaddleError) {
    if (endsAll(opened, ofModel)) throw opened
    for (const setting of settings) onRow({ setting, error: opened })
    return true
  }
  await using subject = opened
  for (const setting of settings) {
    if (isLate()) return false
    onProgress({ step: `Measuring ${describeSetting(setting)}` })
    const row = await orFailure(measure(subject, setting, options), options)
    if (row instanceof PaddleError && endsAll(row, ofAll)) throw row
    onRow(row instanceof PaddleError ? { setting, error: row } : row)
  }
  return true
}

async function measure(
  subject: BenchmarkTarget,
  setting: Setting,
  { warmUp, limit }: MeasureOptions,
): Promise<Row> {
  const { batchSize } = setting
  await subject.warmUp(batchSize, warmUp)
  const { throughput, runs, latencies: loaded } = await subject.load(batchSize, limit)
  const alone = await subject.alone(batchSize, limit)
  return {
    setting,
    throughput,
    runs,
    latencies: ascending(alone),
    loadedLatencies: loaded && ascending(loaded),
    withoutOneDnn: subject.info.oneDnnFailure !== undefined,
  }
}

/**
 * Returns an error as a value. On abort, rejects without waiting for the run, which cannot be interrupted.
 */
async function orFailure<T>(work: Promise<T>, { signal }: MeasureOptions): Promise<T | PaddleError> {
  try {
    return await rejectOnAbort(work, signal, 'Measuring')
  } catch (error) {
    if (!(error instanceof PaddleError) || error.code === 'ABORTED') throw error
    return error
  }
}

/** Codes of errors of the machine, the model or the images, which do not depend on the setting. */
const ofAll = /^(?:PLATFORM_|PYTHON_|ENVIRONMENT_|PADDLE_|MODEL_(?!LOAD_|UNSUITABLE)|LABELS_|IMAGE_)/

/** The same while the pool opens: then MODEL_UNSUITABLE does not depend on the batch. */
const ofModel = new RegExp(`${ofAll.source}|^MODEL_UNSUITABLE$`)
