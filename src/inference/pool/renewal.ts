import { memoryInUse } from '../../bridge/index.js'
import type { RecycleEvent } from './events.js'
import type { Runner } from '../runner.js'
import type { PoolWorker } from './pool-worker.js'
import type { PoolSettings } from './pool-options.js'

/** When a worker is renewed. */
export type RenewalLimits = Pick<PoolSettings, 'maxRssMb' | 'maxRunsPerWorker'>

const mebibyte = 2 ** 20

/** Why a worker is to be renewed between two runs, if it is. */
export function renewalReason(
  { maxRssMb, maxRunsPerWorker }: RenewalLimits,
  { pid, answered: runs, isStuck }: Pick<Runner, 'pid' | 'answered'> & Pick<PoolWorker, 'isStuck'>,
): Pick<RecycleEvent, 'reason' | 'rssBytes'> | undefined {
  if (isStuck) return { reason: 'stuckWrites', rssBytes: memoryInUse(pid) }
  if (runs >= maxRunsPerWorker) return { reason: 'maxRunsPerWorker', rssBytes: memoryInUse(pid) }
  if (maxRssMb === Infinity) return undefined
  const rssBytes = memoryInUse(pid)
  return rssBytes !== undefined && rssBytes > maxRssMb * mebibyte
    ? { reason: 'maxRssMb', rssBytes }
    : undefined
}
