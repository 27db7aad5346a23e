import { randomBytes } from 'node:crypto'
import { access, chmod, constants, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { isRunning } from './lock.ts'
import type { Program } from './program.ts'

/** One folder per program and version: it is either whole or not there, because it arrives by one rename. */
export function entryFolder(cacheDir: string, name: string, version: string): string {
  return join(cacheDir, 'programs', `${name}-${version}`)
}

/** What `get` answers with for a folder that holds the program. */
export function answerIn(folder: string, program: Program): string {
  return program.file === null ? folder : join(folder, program.file)
}

/** Whether every file that the catalogue promises is there and may be run. */
export async function holdsProgram(folder: string, program: Program): Promise<boolean> {
  const files = [...(program.file === null ? [] : [program.file]), ...(program.alongside ?? [])]
  const checks = files.map((file) => isExecutable(join(folder, file)))
  return (await isFolder(folder)) && (await Promise.all(checks)).every(Boolean)
}

export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false // Not there or not ours to run: for a search, both mean no.
  }
}

export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false // As above.
  }
}

/** A folder to work in, on the same file system as the entries. Its name says whose it is, for `sweep`. */
export async function makeWorkFolder(cacheDir: string): Promise<string> {
  const folder = join(cacheDir, 'tmp', `${process.pid}-${randomBytes(6).toString('hex')}`)
  await mkdir(folder, { recursive: true })
  return folder
}

/** Removes work folders of processes that no longer run (killed in the middle of something). */
export async function sweep(cacheDir: string): Promise<void> {
  const tmp = join(cacheDir, 'tmp')
  if (!(await isFolder(tmp))) return
  for (const name of await readdir(tmp)) {
    const pid = Number.parseInt(name, 10)
    if (Number.isInteger(pid) && !isRunning(pid)) await rm(join(tmp, name), { recursive: true, force: true })
  }
}

/**
 * Makes a filled folder the cache's entry by one rename. Its files are on the disk before they get their
 * name, so a power cut leaves no entry with holes. If another process was faster, its entry stays.
 */
export async function publish(folder: string, entry: string, program: Program): Promise<void> {
  for (const item of await readdir(folder, { withFileTypes: true })) {
    if (!item.isFile()) continue
    const path = join(folder, item.name)
    if (program.file === item.name || program.alongside?.includes(item.name)) await chmod(path, 0o755)
    await flush(path)
  }
  await mkdir(join(entry, '..'), { recursive: true })
  if ((await isFolder(entry)) && !(await holdsProgram(entry, program))) {
    await rename(entry, `${folder}.spoilt`)
    await rm(`${folder}.spoilt`, { recursive: true, force: true })
  }
  try {
    await rename(folder, entry)
  } catch (error) {
    if (!(await holdsProgram(entry, program))) throw error
  }
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
