import { readFileSync } from 'node:fs'
import { freemem } from 'node:os'
import { join, relative } from 'node:path'

/** Returns the contents of a file; undefined if it cannot be read. */
export type ReadText = (path: string) => string | undefined

/** What the control groups of this process allow: the least of its groups and their ancestors. */
export interface GroupLimits {
  /** CPU time, in cores; Infinity without a limit. */
  readonly cores: number
  /** Memory in bytes; Infinity without a limit. */
  readonly memory: number
  /** Memory in bytes that is not in use yet; Infinity without a limit. */
  readonly availableMemory: number
}

/** The limits by version 2 and version 1 of control groups (cgroups(7)); none where there are no control groups. */
export function groupLimits(read: ReadText = readText): GroupLimits {
  const mounts = mountsIn(read('/proc/self/mountinfo') ?? '')
  const limits = [unlimited]
  for (const line of (read('/proc/self/cgroup') ?? '').split('\n')) {
    const [, controllers, path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
    if (controllers === undefined) continue
    const names = controllers.split(',')
    if (controllers === '') {
      limits.push(...foldersOf(path, mounts, 'cgroup2').map((folder) => inVersion2(folder, read)))
    }
    if (names.includes('cpu')) {
      limits.push(...foldersOf(path, mounts, 'cpu').map((folder) => cpuInVersion1(folder, read)))
    }
    if (names.includes('memory')) {
      limits.push(...foldersOf(path, mounts, 'memory').map((folder) => memoryInVersion1(folder, read)))
    }
  }
  return { cores: Math.min(...limits.map(({ cores }) => cores)), ...leastMemory(limits) }
}

/** The memory in bytes that this process can still use. */
export function availableMemory(): number {
  // `process.availableMemory()` counts the cache of files that a group has read as used.
  return Math.min(freemem(), groupLimits().availableMemory)
}

const anyMemory: MemoryLimit = { memory: Infinity, availableMemory: Infinity }
const unlimited: GroupLimits = { cores: Infinity, ...anyMemory }

/** Where a hierarchy is mounted. */
interface Mount {
  /** `cgroup2`, or the controllers of version 1. */
  readonly names: readonly string[]
  /** The group that is mounted, as /proc/self/cgroup would name it. */
  readonly root: string
  readonly folder: string
}

/** The usual mounts, where /proc/self/mountinfo lists none. */
const usualFolders: Readonly<Record<string, string>> = {
  cgroup2: '/sys/fs/cgroup',
  cpu: '/sys/fs/cgroup/cpu',
  memory: '/sys/fs/cgroup/memory',
}

function mountsIn(mountinfo: string): readonly Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [, root = '', folder = '', type = '', options = ''] =
      /^\S+ \S+ \S+ (\S+) (\S+) .*? - (cgroup2?) \S+ (\S+)/.exec(line) ?? []
    if (type === '') return []
    const names = type === 'cgroup2' ? [type] : options.split(',')
    return [{ names, root: unescaped(root), folder: unescaped(folder) }]
  })
}

/** Decodes the octal escapes of spaces and the like. */
function unescaped(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
}

/**
 * The folders of a group and its visible ancestors. In a container, only a part of the hierarchy may be mounted, and
 * the path may be the host's: then only the root exists.
 */
function foldersOf(path: string, mounts: readonly Mount[], name: string): readonly string[] {
  const mounted = mounts.filter(({ names }) => names.includes(name))
  const mount = mounted.find(({ root }) => isWithin(path, root)) ?? mounted[0]
  const folder = mount?.folder ?? usualFolders[name] ?? ''
  const below = mount && isWithin(path, mount.root) ? relative(mount.root, path) : path
  const parts = below.split('/').filter((part) => part !== '' && part !== '..')
  return [...parts.keys(), parts.length].map((count) => join(folder, ...parts.slice(0, count)))
}

function isWithin(path: string, root: string): boolean {
  return root === '/' || path === root || path.startsWith(`${root}/`)
}

function inVersion2(folder: string, read: ReadText): GroupLimits {
  const [quota, period] = (read(`${folder}/cpu.max`) ?? '').trim().split(' ')
  return {
    cores: coresOf(quota, period),
    ...memoryOf(
      read(`${folder}/memory.max`),
      read(`${folder}/memory.current`),
      cachedIn(read(`${folder}/memory.stat`), ''),
    ),
  }
}

function cpuInVersion1(folder: string, read: ReadText): GroupLimits {
  const [quota, period] = ['quota_us', 'period_us'].map((name) => read(`${folder}/cpu.cfs_${name}`))
  return { ...unlimited, cores: coresOf(quota, period) }
}

function memoryInVersion1(folder: string, read: ReadText): GroupLimits {
  const [limit, usage] = ['limit', 'usage'].map((name) => read(`${folder}/memory.${name}_in_bytes`))
  // Includes ancestors that are not visible in a container.
  const stat = read(`${folder}/memory.stat`) ?? ''
  const [, least] = /^hierarchical_memory_limit (\d+)$/m.exec(stat) ?? []
  const cached = cachedIn(stat, 'total_')
  return { ...unlimited, ...leastMemory([memoryOf(limit, usage, cached), memoryOf(least, usage, cached)]) }
}

/** `max` and -1 mean no limit. */
function coresOf(quota: string | undefined, period: string | undefined): number {
  const cores = Number(quota) / Number(period)
  return cores > 0 ? cores : Infinity
}

/** No limit is `max`, or in version 1 the greatest number of whole pages. */
const leastUnlimited = 2 ** 62

type MemoryLimit = Pick<GroupLimits, 'memory' | 'availableMemory'>

/** The bytes of files that a group has read, which the kernel frees when it needs memory. */
function cachedIn(stat = '', prefix: string): number {
  return ['inactive_file', 'active_file']
    .map((name) => Number(new RegExp(`^${prefix}${name} (\\d+)$`, 'm').exec(stat)?.[1] ?? 0))
    .reduce((sum, bytes) => sum + bytes, 0)
}

function memoryOf(limit: string | undefined, usage: string | undefined, cached: number): MemoryLimit {
  const bytes = Number.parseInt(limit ?? '', 10)
  if (!(bytes < leastUnlimited)) return anyMemory
  const used = Math.max(0, (Number(usage) || 0) - cached)
  return { memory: bytes, availableMemory: Math.max(0, bytes - used) }
}

function leastMemory(limits: readonly MemoryLimit[]): MemoryLimit {
  return {
    memory: Math.min(...limits.map(({ memory }) => memory)),
    availableMemory: Math.min(...limits.map(({ availableMemory }) => availableMemory)),
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
