import { availableParallelism } from 'node:os'
import { groupLimits } from '../control-groups.js'

/**
 * The number of cores that this process may keep busy: the cores that the scheduler allows, limited to the
 * CPU quota of its control groups (rounded down); at least 1.
 */
export function usableCores(cores = availableParallelism(), quota = groupLimits().cores): number {
  return Math.max(1, Math.min(cores, Math.floor(quota)))
}
