import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** Returns the contents of a control group file; undefined if it does not exist. */
export type ReadText = (path: string) => string | undefined

/**
 * The number of cores that this process may keep busy: the cores that the scheduler allows, limited to the
 * CPU quota of its container (rounded down); at least 1.
 */
export function usableCores(cores = availableParallelism(), read: ReadText = readText): number {
  const share = Math.min(...quotas(read))
  return Math.max(1, Math.min(cores, Math.floor(share)))
}

/** The CPU limits of this process's control groups, in cores: version 2 has one per level, version 1 one. */
function quotas(read: ReadText): number[] {
  const found = [Infinity]
  for (const line of (read('/proc/self/cgroup') ?? '').split('\n')) {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
    if (controllers === '') found.push(...inVersion2(path, read))
    else if (controllers.split(',').includes('cpu')) found.push(...inVersion1(path, read))
  }
  return found
}

function inVersion2(path: string, read: ReadText): number[] {
  return upwards(path).map((folder) => {
    const [quota, period] = (read(`/sys/fs/cgroup${folder}/cpu.max`) ?? '').trim().split(' ')
    return coresOf(quota, period)
  })
}

function inVersion1(path: string, read: ReadText): number[] {
  return upwards(path).map((folder) => {
    const at = `/sys/fs/cgroup/cpu${folder}/cpu.cfs_`
    return coresOf(read(`${at}quota_us`), read(`${at}period_us`))
  })
}

/** A group and its ancestors. In a container the path is often the host's, and only the root exists. */
function upwards(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..')
  return [...parts.keys(), parts.length].map((count) =>
    parts
      .slice(0, count)
      .map((part) => `/${part}`)
      .join(''),
  )
}

/** `max` and -1 mean no limit. */
function coresOf(quota: string | undefined, period: string | undefined): number {
  const cores = Number(quota) / Number(period)
  return cores > 0 ? cores : Infinity
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
