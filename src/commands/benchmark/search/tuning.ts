import type { Stage } from '../measure/measure-settings.js'
import type { Row } from '../measure/rows.js'
import { coreDivisions, parameterGrid, type Division, type Variations } from './parameter-grid.js'
import { bestOf } from './recommend.js'

/** The values to search. */
export interface Grid extends Variations {
  readonly workers: readonly number[]
  readonly cpuThreads: readonly number[]
  /** Cores to keep busy. */
  readonly cores: number
}

/** Measured in addition to the smallest batch, to judge a setting. */
const largeBatch = 8

/**
 * Searches for one thing after the other, each with the best values so far: precision and executor; threads
 * of one worker, which determine the latency; workers × threads; batch sizes.
 */
export function tuningStages(grid: Grid): Stage[] {
  const { workers, cpuThreads, cores } = grid
  const least: Division = { workers: Math.min(...workers), cpuThreads: Math.min(...cpuThreads) }
  const most = Math.max(cores, busy(least))
  const fitting = coreDivisions(workers, cpuThreads).filter((division) => busy(division) <= most)
  const smallest = Math.min(...grid.batchSizes)
  const probe = {
    ...grid,
    batchSizes: grid.batchSizes.filter((size) => [smallest, largeBatch].includes(size)),
  }

  const kinds: Stage = () => parameterGrid([least], probe)
  const threads: Stage = (rows) =>
    bestKinds(rows).flatMap((kind) =>
      parameterGrid(
        fitting.filter((division) => division.workers === least.workers),
        { ...probe, ...kind },
      ),
    )
  const shares: Stage = (rows) =>
    bestKinds(rows)
      .slice(0, 1)
      .flatMap((kind) =>
        // Using fewer than half of the cores is never the fastest.
        parameterGrid(
          fitting.filter((division) => busy(division) >= most / 2),
          { ...probe, ...kind },
        ),
      )
  const batches: Stage = (rows) => {
    const best = bestOf(rows)?.throughput.setting
    return best ? grid.batchSizes.map((batchSize) => ({ ...best, batchSize })) : []
  }
  return [kinds, threads, shares, batches]
}

function busy({ workers, cpuThreads }: Division): number {
  return workers * cpuThreads
}

type Kind = Pick<Variations, 'precisions' | 'executors'>

/** Precision and executor of the best throughput, then those of the best latency if they are different. */
function bestKinds(rows: readonly Row[]): Kind[] {
  const best = bestOf(rows)
  if (!best) return []
  const [throughput, latency] = [best.throughput.setting, best.latency.setting]
  const isSame = throughput.precision === latency.precision && throughput.executor === latency.executor
  return (isSame ? [throughput] : [throughput, latency]).map(({ precision, executor }) => ({
    precisions: [precision],
    executors: [executor],
  }))
}

/** 1, 2, 4, … and the number of cores itself. */
export function sharesOf(cores: number): number[] {
  const powers = Array.from({ length: Math.floor(Math.log2(cores)) + 1 }, (_, power) => 2 ** power)
  return powers.includes(cores) ? powers : [...powers, cores]
}
