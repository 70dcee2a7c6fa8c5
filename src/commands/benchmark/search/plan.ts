import { readFile } from 'node:fs/promises'
import { dividedCores, type Precision } from '../../../inference/index.js'
import type { ModelFormat } from '../../../model/index.js'
import type { BenchmarkArguments } from '../arguments.js'
import type { Stage } from '../measure/measure-settings.js'
import { coreDivisions, parameterGrid } from './parameter-grid.js'
import type { Executor } from './settings.js'
import { sharesOf, tuningStages } from './tuning.js'

type Counts = readonly (number | 'auto')[]

const tunedBatches = [1, 2, 4, 8, 16, 32]

/** The format of the model, and where it runs. */
export interface PlanContext {
  readonly format: ModelFormat
  readonly device: string
  readonly cores: number
}

/** The settings to measure: all combinations of the lists, or the stages of the search with `--tune`. */
export async function planStages(args: BenchmarkArguments, on: PlanContext): Promise<Stage[]> {
  const { cores } = on
  if (args.tune) {
    const counts = (given: Counts | undefined): number[] =>
      given?.map((count) => (count === 'auto' ? cores : count)) ?? sharesOf(cores)
    return tuningStages({
      workers: counts(args.workers),
      cpuThreads: counts(args.cpuThreads),
      batchSizes: args.batchSize ?? tunedBatches,
      precisions: args.precision ?? supportedPrecisions(on.device, await cpuFeatures()),
      executors: args.executor ?? executorsOf(on.format),
      cores,
    })
  }
  const asked = coreDivisions<number | 'auto'>(args.workers ?? [1], args.cpuThreads ?? [1])
  const all = parameterGrid(
    asked.map(({ workers, cpuThreads }) => dividedCores(workers, cpuThreads, cores)),
    {
      batchSizes: args.batchSize ?? [1],
      precisions: args.precision ?? ['fp32'],
      executors: args.executor ?? ['default'],
    },
  )
  return [() => all]
}

/** Precisions that the device supports and most models can run in. */
export function supportedPrecisions(device: string, features: readonly string[] = []): Precision[] {
  if (device.startsWith('gpu')) return ['fp32', 'fp16']
  if (device !== 'cpu') return ['fp32']
  return features.includes('avx512_bf16') || features.includes('amx_bf16') ? ['fp32', 'bf16'] : ['fp32']
}

/** A `.json` always runs in Paddle 3's new IR. */
function executorsOf(format: ModelFormat): Executor[] {
  return format === 'json' ? ['default'] : ['default', 'new-ir']
}

/** The CPU's features by their Linux names; undefined if the system does not report them. */
export async function cpuFeatures(): Promise<readonly string[] | undefined> {
  try {
    const text = await readFile('/proc/cpuinfo', 'utf8')
    return /^(?:flags|Features)\s*:\s*(.*)$/m.exec(text)?.[1]?.split(' ')
  } catch {
    return undefined
  }
}
