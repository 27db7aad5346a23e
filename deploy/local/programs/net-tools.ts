import { join } from 'node:path'

import { PassedOver } from './errors.ts'
import type { Job } from './job.ts'
import { findExecutable } from './lookup.ts'
import { machineType } from './machine-type.ts'
import { ownLoader } from './own-loader.ts'
import { writeWrapper } from './wrappers.ts'

/** The names under which kube-proxy, Felix and the CNI plugins call the one program of the nft variant. */
const tables = ['iptables', 'ip6tables'].flatMap((name) =>
  ['', '-save', '-restore'].flatMap((action) => [
    { called: `${name}${action}`, applet: `${name}${action}` },
    { called: `${name}-nft${action}`, applet: `${name}${action}` },
  ]),
)
const plain = ['ipset', 'conntrack']
const multi = 'xtables-nft-multi'
const install = 'iptables (its nft variant), ipset and conntrack'

/**
 * Writes one script for each tool.
 *
 * @param tree where the packages were unpacked, inside `job.folder`; the scripts name the place where it will be.
 */
export async function writeNetTools(job: Job, tree: string): Promise<void> {
  const { start, final, find } = await ownLoader(job, tree)
  const extensions = final(join(tree, 'usr', 'lib', machineType()?.triplet ?? '', 'xtables'))
  await writeAll(job.folder, [...start, await find(multi)], extensions)
  for (const name of plain) await writeWrapper(join(job.folder, name), [...start, await find(name)])
}

/** The machine's own tools behind the same scripts, where all of them are installed. */
export async function fromMachineTools(job: Job): Promise<void> {
  const path = `${job.path}:/usr/sbin:/sbin`
  const found = new Map<string, string>()
  for (const name of [multi, ...plain]) {
    const command = await findExecutable(name, path)
    if (!command) throw new PassedOver(`${name} is not installed`, { install })
    found.set(name, command)
  }
  await writeAll(job.folder, [found.get(multi) ?? multi])
  for (const name of plain) await writeWrapper(join(job.folder, name), [found.get(name) ?? name])
}

async function writeAll(folder: string, command: readonly string[], extensions?: string): Promise<void> {
  const env: Record<string, string> = extensions ? { XTABLES_LIBDIR: extensions } : {}
  for (const { called, applet } of tables) await writeWrapper(join(folder, called), [...command, applet], env)
}
