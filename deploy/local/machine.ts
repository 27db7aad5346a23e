import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { run } from './run.ts'

/** What this machine lets us do; asked once, when a stack starts. */
export interface Machine {
  readonly isRoot: boolean
  /** A kubelet with its own namespaces and cgroups can run here. */
  readonly canRunNode: boolean
  /** Why not, as a sentence; undefined when it can. */
  readonly whyNoNode: string | undefined
  /** Mount points of the cgroup hierarchies (many with version 1, one with version 2). */
  readonly cgroupMounts: readonly string[]
}

export async function inspectMachine(): Promise<Machine> {
  const isRoot = process.getuid?.() === 0
  const cgroupMounts = findCgroupMounts(readFileSync('/proc/mounts', 'utf8'))
  const whyNoNode = await reasonAgainstNode(isRoot, cgroupMounts)
  return { isRoot, canRunNode: whyNoNode === undefined, whyNoNode, cgroupMounts }
}

/** All hierarchies: with version 1 a kubelet keeps its pods in each, and runc in the version 2 one beside them too. */
export function findCgroupMounts(mounts: string): string[] {
  const rows = mounts.split('\n').map((line) => line.split(' '))
  return rows.filter(([, , type]) => type === 'cgroup' || type === 'cgroup2').map(([, point]) => point ?? '')
}

async function reasonAgainstNode(
  isRoot: boolean,
  cgroupMounts: readonly string[],
): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'A Kubernetes node needs Linux.'
  if (!isRoot) return 'A Kubernetes node needs root (namespaces, cgroups, mounts); you are not root.'
  for (const tool of ['/usr/bin/unshare', '/usr/bin/nsenter']) {
    if (!existsSync(tool)) return `A Kubernetes node needs ${tool}: install the package util-linux.`
  }
  if (findTool('ip') === undefined)
    return 'A Kubernetes node needs the program ip: install the package iproute2.'
  if (cgroupMounts.length === 0) return 'A Kubernetes node needs cgroups, and none are mounted.'
  if (!cgroupMounts.every(isWritable))
    return 'A Kubernetes node needs writable cgroups; here they are read-only.'
  try {
    await run('/usr/bin/unshare', [
      '--net',
      '--mount',
      '--pid',
      '--uts',
      '--fork',
      '--mount-proc',
      '/bin/true',
    ])
  } catch (error) {
    return `A Kubernetes node needs namespaces of its own, and this machine allows none (${(error as Error).message}).`
  }
  return undefined
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** A tool of the system, where sbin may be missing from PATH. */
export function findTool(name: string): string | undefined {
  return ['/usr/sbin', '/usr/bin', '/sbin', '/bin']
    .map((folder) => `${folder}/${name}`)
    .find((path) => existsSync(path))
}

/** Whether an account without rights of its own can walk down to a folder. */
export function othersCanReach(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}
