import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'

import { isExecutable, isFolder } from './cache.ts'
import { PassedOver } from './errors.ts'
import type { Job } from './job.ts'
import { findExecutable } from './lookup.ts'
import { machineType } from './machine-type.ts'
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
 * Writes one script for each tool. The unpacked tools run by their own loader with their own libraries, and so do not
 * depend on the machine's.
 *
 * @param tree where the packages were unpacked, inside `job.folder`; the scripts name the place where it will be.
 */
export async function writeNetTools(job: Job, tree: string): Promise<void> {
  const triplet = machineType()?.triplet ?? ''
  const final = (path: string): string => join(job.entry, relative(job.folder, path))
  const folders = ['usr/lib', 'lib'].map((folder) => join(tree, folder, triplet))
  const there = await Promise.all(folders.map(async (folder) => ((await isFolder(folder)) ? folder : null)))
  const libraries = there.filter((folder) => folder !== null)
  const loader = await findLoader(libraries)
  const start = [final(loader), '--library-path', libraries.map(final).join(':')]
  const extensions = final(join(tree, 'usr', 'lib', triplet, 'xtables'))
  const find = async (name: string): Promise<string> => {
    for (const folder of ['usr/sbin', 'sbin', 'usr/bin']) {
      if (await isExecutable(join(tree, folder, name))) return final(join(tree, folder, name))
    }
    throw new PassedOver(`the packages hold no program ${name}`)
  }
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

async function findLoader(libraries: readonly string[]): Promise<string> {
  for (const folder of libraries) {
    const name = (await readdir(folder)).find((file) => /^ld-linux.*\.so\.\d+$/.test(file))
    if (name) return join(folder, name)
  }
  throw new PassedOver('the packages hold no loader')
}
