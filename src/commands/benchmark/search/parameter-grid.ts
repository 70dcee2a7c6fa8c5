import type { Precision } from '../../../inference/index.js'
import type { Executor, Setting } from './settings.js'

/** A division of the cores. */
export interface Division {
  readonly workers: number
  readonly cpuThreads: number
}

/** The other parameters. */
export interface Variations {
  readonly batchSizes: readonly number[]
  readonly precisions: readonly Precision[]
  readonly executors: readonly Executor[]
}

export function coreDivisions<Count>(
  workers: readonly Count[],
  cpuThreads: readonly Count[],
): { workers: Count; cpuThreads: Count }[] {
  return workers.flatMap((w) => cpuThreads.map((t) => ({ workers: w, cpuThreads: t })))
}

/** All combinations. */
export function parameterGrid(
  divided: readonly Division[],
  { batchSizes, precisions, executors }: Variations,
): Setting[] {
  return precisions.flatMap((precision) =>
    executors.flatMap((executor) =>
      divided.flatMap(({ workers, cpuThreads }) =>
        batchSizes.map((batchSize) => ({ workers, cpuThreads, batchSize, precision, executor })),
      ),
    ),
  )
}
