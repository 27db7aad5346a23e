import { expect, it } from 'vitest'
import { findCgroupMounts, othersCanReach } from './machine.ts'

it('finds every hierarchy of version 1 and the one of version 2 beside them', () => {
  const mounts = [
    'tmpfs /sys/fs/cgroup tmpfs rw 0 0',
    'cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0',
    'cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0',
  ].join('\n')
  expect(findCgroupMounts(mounts)).toEqual(['/sys/fs/cgroup/cpu', '/sys/fs/cgroup/unified'])
  expect(findCgroupMounts('cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n')).toEqual(['/sys/fs/cgroup'])
})

it('knows where an account without rights can walk', () => {
  expect(othersCanReach('/usr/bin')).toBe(true)
  expect(othersCanReach('/proc/self/task')).toBe(true)
})
