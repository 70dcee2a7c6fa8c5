import type { RecycleEvent } from './events.js'
import type { PoolSettings } from './pool-options.js'
import { rssOf } from './stats.js'

/** When a worker is renewed. */
export type RenewalLimits = Pick<PoolSettings, 'maxRssMb' | 'maxRunsPerWorker'>

const mebibyte = 2 ** 20

/** Why a worker that has answered so many runs is to be renewed, if it is. */
export function renewalOf(
  { maxRssMb, maxRunsPerWorker }: RenewalLimits,
  pid: number | undefined,
  runs: number,
): Pick<RecycleEvent, 'reason' | 'rssBytes'> | undefined {
  if (runs >= maxRunsPerWorker) return { reason: 'maxRunsPerWorker', rssBytes: rssOf(pid) }
  if (maxRssMb === Infinity) return undefined
  const rssBytes = rssOf(pid)
  return rssBytes !== undefined && rssBytes > maxRssMb * mebibyte
    ? { reason: 'maxRssMb', rssBytes }
    : undefined
}
