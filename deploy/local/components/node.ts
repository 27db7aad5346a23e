import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeCgroups, removeCgroups } from '../cgroups.ts'
import type { Command, Component, StartContext } from '../component.ts'
import { systemPath } from '../launch.ts'
import { findTool } from '../machine.ts'
import { childrenOf } from '../processes.ts'
import { run } from '../run.ts'
import { paths, type Site } from '../site.ts'
import { ip, linkExists } from './network.ts'

/**
 * The node: one process in network, mount, pid and host-name namespaces of its own, in which containerd,
 * the kubelet, kube-proxy and the policy engine run. When it ends the kernel ends everything inside, with
 * all mounts and addresses; the machine sees one bridge, one link and one cgroup.
 */
export const node: Component = {
  name: 'node',
  about: 'Kubernetes node',
  needs: ['network'],
  programs: ['net-tools'],
  async start({ site }: StartContext): Promise<Command> {
    refuseHiddenFolder(site.folder)
    for (const part of ['bin', 'log', ...nodeFolders]) mkdirSync(paths.node(site, part), { recursive: true })
    site.ledger.recordName('cgroup', site.name)
    await removeCgroups(site.machine.cgroupMounts, site.name)
    makeCgroups(site.machine.cgroupMounts, site.name)
    const namespaces = ['--net', '--mount', '--pid', '--uts', '--fork', '--kill-child', '--mount-proc']
    return {
      path: '/usr/bin/unshare',
      args: [...namespaces, '/bin/sh', '-c', firstProcess],
      stopSignal: 'SIGKILL',
    }
  },
  async started(context, pid) {
    const first = await firstPid(pid)
    const inside = enter(first)
    await mountAll(context.site, inside)
    await inside('/bin/sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward')
    await inside('/bin/hostname', context.site.name)
    await connectLink(context.site, first)
    await guardMachine(context, inside)
  },
  async stop(site) {
    for (const name of site.ledger.names('cgroup')) await removeCgroups(site.machine.cgroupMounts, name)
    await rm(paths.node(site, 'bin'), { recursive: true, force: true })
  },
}

/** Process 1 of the node's pid namespace has one duty: to reap what it inherits. */
const firstProcess = 'trap "exit 0" TERM; while :; do sleep 3600 & wait $!; done'

/** Kept in the stack's folder and seen inside the node at `/run/shipyard`: sockets' paths must be short. */
export const nodeRoot = '/run/shipyard'
const nodeFolders = ['kubelet', 'containerd', 'pod-logs', 'volumes', 'cni', 'certs.d']

/** What the kubelet wants of the whole machine's kernel; inside the node it finds it so and changes nothing. */
const kernelSettings = {
  'vm/overcommit_memory': '1',
  'vm/panic_on_oom': '0',
  'kernel/panic': '10',
  'kernel/panic_on_oops': '1',
  'kernel/keys/root_maxkeys': '1000000',
  'kernel/keys/root_maxbytes': '25000000',
} as const

type Inside = (path: string, ...args: readonly string[]) => Promise<string>

/** The pid of process 1 of the node as the machine counts; it appears an instant after unshare's own. */
async function firstPid(unsharePid: number): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const [child] = childrenOf(unsharePid)
    if (child !== undefined) return child
    await sleep(10)
  }
  throw new Error('the node has no first process')
}

const namespaceFlags = (pid: number): string[] => [
  '--target',
  String(pid),
  '--mount',
  '--net',
  '--uts',
  '--pid',
]

function enter(pid: number): Inside {
  return async (path, ...args) =>
    run('/usr/bin/nsenter', [...namespaceFlags(pid), '--', path, ...args], { env: { PATH: systemPath } })
}

/** The command that runs a program inside the node and keeps it in the foreground. Who uses it names `net-tools`. */
export function insideNode(context: StartContext, command: Command): Command {
  const [first] = childrenOf(context.pidOf('node'))
  if (first === undefined) throw new Error('the node is not there')
  const binaries = [context.program('net-tools'), paths.node(context.site, 'bin'), systemPath].join(':')
  return {
    ...command,
    path: '/usr/bin/nsenter',
    args: [...namespaceFlags(first), '--', command.path, ...command.args],
    env: { PATH: binaries, ...command.env },
  }
}

/**
 * Rejects until a process listens on a TCP port, seen from the process's own network namespace: nothing
 * of the node's loopback can be asked from outside.
 */
export function assertListensInside(pid: number, port: number): void {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const tables = ['tcp', 'tcp6'].map((name) => readFileSync(`/proc/${pid}/net/${name}`, 'latin1'))
  const rows = tables.flatMap((table) =>
    table
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/)),
  )
  const listens = rows.some(([, local, , state]) => state === '0A' && local?.endsWith(wanted))
  if (!listens) throw new Error(`it does not listen on port ${port} yet`)
}

/** Puts programs into the node's own `bin`, under the names by which containerd looks for them. */
export function linkIntoNode(site: Site, programs: Readonly<Record<string, string>>): void {
  for (const [name, path] of Object.entries(programs)) {
    const link = paths.node(site, join('bin', name))
    try {
      symlinkSync(path, link)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/**
 * The order matters: the cgroup mounts are carried over to a sysfs of this network namespace while nothing
 * propagates yet; the stack's folder is bound before /var/lib gets its throw-away layer.
 */
async function mountAll(site: Site, inside: Inside): Promise<void> {
  const mount = async (...args: string[]): Promise<string> => inside('/bin/mount', ...args)
  await mount('-t', 'tmpfs', 'tmpfs', '/run')
  const made = ['cgroup', 'netns', 'lock', 'var-lib/upper', 'var-lib/work', 'sysctl', 'shipyard'].map(
    (name) => `/run/${name}`,
  )
  await inside('/bin/mkdir', '-p', ...made)
  await mount('--rbind', '/sys/fs/cgroup', '/run/cgroup')
  await mount('-t', 'sysfs', 'sysfs', '/sys')
  await mount('--rbind', '/run/cgroup', '/sys/fs/cgroup')
  await inside('/bin/umount', '-l', '/run/cgroup')
  await mount('--bind', paths.node(site, ''), nodeRoot)
  await mount('--bind', paths.node(site, 'log'), '/var/log')
  const layers = 'lowerdir=/var/lib,upperdir=/run/var-lib/upper,workdir=/run/var-lib/work'
  await mount('-t', 'overlay', 'overlay', '-o', layers, '/var/lib')
  await mount('--make-rshared', '/') // a volume that the kubelet mounts must appear in containerd's containers
  for (const [name, value] of Object.entries(kernelSettings)) {
    const stand = paths.node(site, name.replaceAll('/', '.'))
    writeFileSync(stand, `${value}\n`)
    await mount('--bind', stand, `/proc/sys/${name}`)
  }
}

/** Joins the node to the stack's bridge, and the machine's routes to pods and Services with it. */
async function connectLink(site: Site, pid: number): Promise<void> {
  const { host, node: nodeEnd, bridge } = site.links
  site.ledger.recordName('link', host)
  if (await linkExists(host)) await ip('link', 'del', host) // of a node that died; the kernel is slow to tidy
  await ip('link', 'add', host, 'type', 'veth', 'peer', 'name', nodeEnd)
  await ip('link', 'set', host, 'master', bridge, 'up')
  await ip('link', 'set', nodeEnd, 'netns', String(pid), 'name', 'eth0')
  const inNode = async (...args: string[]): Promise<string> => enter(pid)(findTool('ip') ?? 'ip', ...args)
  await inNode('link', 'set', 'lo', 'up')
  await inNode('addr', 'add', `${site.net.node}/${site.net.linkPrefix}`, 'dev', 'eth0')
  await inNode('link', 'set', 'eth0', 'up')
  await inNode('route', 'add', 'default', 'via', site.net.host)
  for (const range of [site.net.pods, site.net.services])
    await ip('route', 'replace', range, 'via', site.net.node)
}

/**
 * Pods may answer, and may open the API server's port; every other packet of theirs that would leave the
 * node is dropped, so that nothing else that listens on this machine, or beyond, is in their reach.
 */
async function guardMachine({ site, program }: StartContext, inside: Inside): Promise<void> {
  const iptables = join(program('net-tools'), 'iptables')
  const fromPods = ['-w', '5', '-t', 'mangle', '-A', 'FORWARD', '-s', site.net.pods, '-o', 'eth0']
  const toApi = ['-d', site.net.host, '-p', 'tcp', '--dport', String(site.ports['kube-apiserver'])]
  await inside(iptables, ...fromPods, '-m', 'conntrack', '--ctstate', 'ESTABLISHED,RELATED', '-j', 'ACCEPT')
  await inside(iptables, ...fromPods, ...toApi, '-j', 'ACCEPT')
  await inside(iptables, ...fromPods, '-j', 'DROP')
}

/** The node lays layers of its own over these, so a stack that lives in them would lose sight of itself. */
function refuseHiddenFolder(folder: string): void {
  for (const hidden of ['/run', '/var/log', '/sys', '/proc']) {
    if (`${folder}/`.startsWith(`${hidden}/`))
      throw new Error(`A stack can't live below ${hidden}: choose another folder.`)
  }
}
