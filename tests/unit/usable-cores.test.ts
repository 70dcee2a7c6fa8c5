import { describe, expect, test } from '@jest/globals'
import { usableCores } from '../../src/inference/usable-cores.js'

const reading =
  (files: Readonly<Record<string, string>>) =>
  (path: string): string | undefined =>
    files[path]

describe('usable cores', () => {
  test.each<[string, Record<string, string>, number]>([
    ['without control groups', {}, 8],
    [
      'of a container without a limit',
      { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': 'max 100000\n' },
      8,
    ],
    ['of a container', { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '250000 100000\n' }, 2],
    ['of less than a core', { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '50000 100000\n' }, 1],
    [
      'of a greater limit',
      { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '1600000 100000\n' },
      8,
    ],
    [
      'of the least limit on the way up',
      {
        '/proc/self/cgroup': '0::/system.slice/job.service\n',
        '/sys/fs/cgroup/system.slice/job.service/cpu.max': '600000 100000\n',
        '/sys/fs/cgroup/system.slice/cpu.max': '300000 100000\n',
      },
      3,
    ],
    [
      'by version 1',
      {
        '/proc/self/cgroup': '5:memory:/docker/a\n4:cpu,cpuacct:/docker/a\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '400000\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      },
      4,
    ],
    [
      'by version 1 without a limit',
      {
        '/proc/self/cgroup': '4:cpu,cpuacct:/\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      },
      8,
    ],
  ])('%s', (_, files, expected) => {
    expect(usableCores(8, reading(files))).toBe(expected)
  })

  test('of this machine', () => {
    expect(usableCores()).toBeGreaterThanOrEqual(1)
  })
})
