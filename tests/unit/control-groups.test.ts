import { describe, expect, test } from '@jest/globals'
import { coresText } from '../../src/commands/doctor/system.js'
import { groupLimits, type GroupLimits } from '../../src/control-groups.js'
import { usableCores } from '../../src/inference/usable-cores.js'

const reading =
  (files: Readonly<Record<string, string>>) =>
  (path: string): string | undefined =>
    files[path]

const mebibyte = 2 ** 20
const none = { cores: Infinity, memory: Infinity, availableMemory: Infinity }
/** The greatest number of whole pages, which version 1 shows where there is no limit. */
const noLimit = '9223372036854771712\n'

/** Lines of /proc/self/mountinfo. */
const version2 = (root: string, folder: string): string =>
  `30 25 0:26 ${root} ${folder} rw,nosuid shared:9 master:3 - cgroup2 cgroup2 rw,nsdelegate\n`
const version1 = (controllers: string, root: string, folder: string): string =>
  `33 31 0:30 ${root} ${folder} rw,relatime - cgroup cgroup rw,${controllers}\n`

describe('limits of control groups', () => {
  test.each<[string, Record<string, string>, Partial<GroupLimits>]>([
    ['without control groups', {}, {}],
    [
      'of a container without a limit',
      {
        '/proc/self/cgroup': '0::/\n',
        '/sys/fs/cgroup/cpu.max': 'max 100000\n',
        '/sys/fs/cgroup/memory.max': 'max\n',
        '/sys/fs/cgroup/memory.current': '1000\n',
      },
      {},
    ],
    [
      'of a container',
      {
        '/proc/self/cgroup': '0::/\n',
        '/proc/self/mountinfo': version2('/', '/sys/fs/cgroup'),
        '/sys/fs/cgroup/cpu.max': '250000 100000\n',
        '/sys/fs/cgroup/memory.max': `${512 * mebibyte}\n`,
        '/sys/fs/cgroup/memory.current': `${112 * mebibyte}\n`,
      },
      { cores: 2.5, memory: 512 * mebibyte, availableMemory: 400 * mebibyte },
    ],
    [
      'whose memory is used by the files that were read, which the kernel frees',
      {
        '/proc/self/cgroup': '0::/\n',
        '/sys/fs/cgroup/memory.max': `${512 * mebibyte}\n`,
        '/sys/fs/cgroup/memory.current': `${510 * mebibyte}\n`,
        '/sys/fs/cgroup/memory.stat': `anon 5\ninactive_file ${300 * mebibyte}\nactive_file ${100 * mebibyte}\n`,
      },
      { memory: 512 * mebibyte, availableMemory: 402 * mebibyte },
    ],
    [
      'by version 1, whose memory is used by the files that were read',
      {
        '/proc/self/cgroup': '5:memory:/\n',
        '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${300 * mebibyte}\n`,
        '/sys/fs/cgroup/memory/memory.usage_in_bytes': `${290 * mebibyte}\n`,
        '/sys/fs/cgroup/memory/memory.stat': `active_file 7\ntotal_inactive_file ${200 * mebibyte}\ntotal_active_file 0\n`,
      },
      { memory: 300 * mebibyte, availableMemory: 210 * mebibyte },
    ],
    [
      'of ancestors: each limit is the least on the way up',
      {
        '/proc/self/cgroup': '0::/system.slice/job.service\n',
        '/proc/self/mountinfo': version2('/', '/sys/fs/cgroup'),
        '/sys/fs/cgroup/system.slice/job.service/cpu.max': '600000 100000\n',
        '/sys/fs/cgroup/system.slice/cpu.max': '300000 100000\n',
        '/sys/fs/cgroup/system.slice/job.service/memory.max': 'max\n',
        '/sys/fs/cgroup/system.slice/job.service/memory.current': `${10 * mebibyte}\n`,
        '/sys/fs/cgroup/system.slice/memory.max': `${1024 * mebibyte}\n`,
        '/sys/fs/cgroup/system.slice/memory.current': `${1000 * mebibyte}\n`,
      },
      { cores: 3, memory: 1024 * mebibyte, availableMemory: 24 * mebibyte },
    ],
    [
      'of an ancestor that leaves less than a smaller group',
      {
        '/proc/self/cgroup': '0::/a/b\n',
        '/sys/fs/cgroup/a/b/memory.max': `${100 * mebibyte}\n`,
        '/sys/fs/cgroup/a/b/memory.current': '0\n',
        '/sys/fs/cgroup/a/memory.max': `${200 * mebibyte}\n`,
        '/sys/fs/cgroup/a/memory.current': `${300 * mebibyte}\n`,
      },
      { memory: 100 * mebibyte, availableMemory: 0 },
    ],
    [
      'where a part of the hierarchy is mounted elsewhere',
      {
        '/proc/self/cgroup': '0::/pods/a/main\n',
        '/proc/self/mountinfo': version2('/pods/a', '/mnt/control\\040groups'),
        '/mnt/control groups/main/cpu.max': 'max 100000\n',
        '/mnt/control groups/cpu.max': '150000 100000\n',
      },
      { cores: 1.5 },
    ],
    [
      'of a process outside its namespace: the visible root',
      {
        '/proc/self/cgroup': '0::/../other\n',
        '/proc/self/mountinfo': version2('/', '/sys/fs/cgroup'),
        '/sys/fs/cgroup/cpu.max': '200000 100000\n',
      },
      { cores: 2 },
    ],
    [
      'by version 1',
      {
        '/proc/self/cgroup': '5:memory:/docker/a\n4:cpu,cpuacct:/docker/a\n0::/docker/a\n',
        '/proc/self/mountinfo':
          version1('cpu,cpuacct', '/docker/a', '/sys/fs/cgroup/cpu,cpuacct') +
          version1('memory', '/docker/a', '/sys/fs/cgroup/memory') +
          version2('/docker/a', '/sys/fs/cgroup/unified'),
        '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '400000\n',
        '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
        '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${300 * mebibyte}\n`,
        '/sys/fs/cgroup/memory/memory.usage_in_bytes': `${100 * mebibyte}\n`,
      },
      { cores: 4, memory: 300 * mebibyte, availableMemory: 200 * mebibyte },
    ],
    [
      'by version 1, of ancestors, one of which is visible and one is not',
      {
        '/proc/self/cgroup': '5:memory:/job/step\n4:cpu:/job/step\n',
        '/proc/self/mountinfo':
          version1('cpu', '/', '/sys/fs/cgroup/cpu') + version1('memory', '/', '/sys/fs/cgroup/memory'),
        '/sys/fs/cgroup/cpu/job/step/cpu.cfs_quota_us': '-1\n',
        '/sys/fs/cgroup/cpu/job/step/cpu.cfs_period_us': '100000\n',
        '/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us': '50000\n',
        '/sys/fs/cgroup/cpu/job/cpu.cfs_period_us': '100000\n',
        '/sys/fs/cgroup/memory/job/step/memory.limit_in_bytes': noLimit,
        '/sys/fs/cgroup/memory/job/step/memory.usage_in_bytes': `${50 * mebibyte}\n`,
        '/sys/fs/cgroup/memory/job/step/memory.stat': `cache 0\nhierarchical_memory_limit ${250 * mebibyte}\n`,
        '/sys/fs/cgroup/memory/job/memory.limit_in_bytes': `${400 * mebibyte}\n`,
        '/sys/fs/cgroup/memory/job/memory.usage_in_bytes': `${350 * mebibyte}\n`,
      },
      { cores: 0.5, memory: 250 * mebibyte, availableMemory: 50 * mebibyte },
    ],
    [
      'by version 1 without a limit and without a list of mounts',
      {
        '/proc/self/cgroup': '4:cpu,cpuacct:/\n5:memory:/\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
        '/sys/fs/cgroup/memory/memory.limit_in_bytes': noLimit,
        '/sys/fs/cgroup/memory/memory.usage_in_bytes': '1000\n',
        '/sys/fs/cgroup/memory/memory.stat': `hierarchical_memory_limit ${noLimit}`,
      },
      {},
    ],
  ])('%s', (_, files, expected) => {
    expect(groupLimits(reading(files))).toEqual({ ...none, ...expected })
  })

  test('of this machine', () => {
    const { cores, memory, availableMemory } = groupLimits()
    expect(cores).toBeGreaterThan(0)
    expect(availableMemory).toBeGreaterThan(0)
    expect(memory).toBeGreaterThanOrEqual(availableMemory)
  })
})

test.each([
  [Infinity, 8],
  [16, 8],
  [2.5, 2],
  [0.5, 1],
])('a quota of %d cores', (quota, expected) => {
  expect(usableCores(8, quota)).toBe(expected)
})

test('doctor names the cores that may be used', () => {
  expect(coresText(8, Infinity)).toBe('8 cores')
  expect(coresText(8, 8)).toBe('8 cores')
  expect(coresText(8, 2.5)).toBe('8 cores, of which 2.5 may be used')
})
