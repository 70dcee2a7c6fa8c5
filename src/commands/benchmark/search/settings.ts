import type { Precision, RunningOptions } from '../../../inference/index.js'
import { precisions } from '../../../inference/options/tensor-rt.js'
import { counted } from '../../../wording.js'

/** The values of `--executor`: what runs the program. */
export const executors = ['default', 'new-executor', 'new-ir'] as const
export type Executor = (typeof executors)[number]

/** The setting of a pool. */
export interface PoolSetting {
  readonly workers: number
  readonly cpuThreads: number
  readonly precision: Precision
  readonly executor: Executor
}

/** The setting of one row. */
export interface Setting extends PoolSetting {
  readonly batchSize: number
}

/** The predictor's options of each executor. */
export const executorOptions: Readonly<Record<Executor, Pick<RunningOptions, 'newIr' | 'newExecutor'>>> = {
  default: {},
  'new-executor': { newExecutor: true },
  'new-ir': { newIr: true, newExecutor: true },
}

/** The options of the pool. Without retries, because the replacement of workers must not be measured. */
export function optionsOf({ workers, cpuThreads, precision, executor }: PoolSetting) {
  return { workers, cpuThreads, precision, retries: 0, ...executorOptions[executor] }
}

/** Settings with the same key share a pool. */
function poolKey({ workers, cpuThreads, precision, executor }: PoolSetting): string {
  return [workers, cpuThreads, precision, executor].join(' ')
}

export function settingKey(setting: Setting): string {
  return `${poolKey(setting)} ${setting.batchSize}`
}

/** Removes duplicates and groups the settings by pool, in the order of their first occurrence. */
export function byPool(settings: readonly Setting[]): Setting[][] {
  const groups = new Map<string, Map<string, Setting>>()
  for (const setting of settings) {
    const group = groups.get(poolKey(setting)) ?? new Map<string, Setting>()
    groups.set(poolKey(setting), group.set(settingKey(setting), setting))
  }
  return [...groups.values()].map((group) => [...group.values()])
}

/** Compares settings in the order of the table. */
export function inOrder(a: Setting, b: Setting): number {
  return (
    precisions.words.indexOf(a.precision) - precisions.words.indexOf(b.precision) ||
    executors.indexOf(a.executor) - executors.indexOf(b.executor) ||
    a.workers - b.workers ||
    a.cpuThreads - b.cpuThreads ||
    a.batchSize - b.batchSize
  )
}

/** `2 workers × 1 thread, bf16, new-ir, batch 8`. */
export function describeSetting(setting: Setting): string {
  return `${describePool(setting)}, batch ${setting.batchSize}`
}

/** `2 workers × 1 thread, fp32`; the default executor is omitted. */
export function describePool({ workers, cpuThreads, precision, executor }: PoolSetting): string {
  const size = `${counted(workers, 'worker')} × ${counted(cpuThreads, 'thread')}, ${precision}`
  return executor === 'default' ? size : `${size}, ${executor}`
}
