import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'

import { isExecutable, isFolder } from './cache.ts'
import { PassedOver } from './errors.ts'
import type { Job } from './job.ts'
import { machineType } from './machine-type.ts'
import { writeWrapper } from './wrappers.ts'

/** How programs of unpacked packages are started. */
export interface OwnLoader {
  /** The command that a program's path, and its arguments, come after. */
  readonly start: readonly string[]
  /** Where something in the tree will stand when the entry of the cache is complete. */
  readonly final: (path: string) => string
  /** The final path of a program in the tree. @throws {PassedOver} when there is none of that name */
  readonly find: (name: string) => Promise<string>
}

/**
 * Unpacked programs run by their own loader with their own libraries, and so do not depend on the machine's.
 *
 * @param tree where the packages were unpacked, inside `job.folder`
 */
export async function ownLoader(job: Job, tree: string): Promise<OwnLoader> {
  const triplet = machineType()?.triplet ?? ''
  const final = (path: string): string => join(job.entry, relative(job.folder, path))
  const folders = ['usr/lib', 'lib'].map((folder) => join(tree, folder, triplet))
  const there = await Promise.all(folders.map(async (folder) => ((await isFolder(folder)) ? folder : null)))
  const libraries = there.filter((folder) => folder !== null)
  const loader = await findLoader(libraries)
  return {
    start: [final(loader), '--library-path', libraries.map(final).join(':')],
    final,
    async find(name) {
      for (const folder of ['usr/sbin', 'sbin', 'usr/bin', 'bin']) {
        if (await isExecutable(join(tree, folder, name))) return final(join(tree, folder, name))
      }
      throw new PassedOver(`the packages hold no program ${name}`)
    },
  }
}

/** Writes the script by which one program of a tree is called. */
export async function writeRunner(job: Job, tree: string, name: string): Promise<void> {
  const { start, find } = await ownLoader(job, tree)
  await writeWrapper(join(job.folder, name), [...start, await find(name)])
}

async function findLoader(libraries: readonly string[]): Promise<string> {
  for (const folder of libraries) {
    const name = (await readdir(folder)).find((file) => /^ld-linux.*\.so\.\d+$/.test(file))
    if (name) return join(folder, name)
  }
  throw new PassedOver('the packages hold no loader')
}
