import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { identify, isAlive, type ProcessId } from './processes.ts'
import { portsOfSlot } from './site.ts'
import type { StackEnv } from './component.ts'

/** A sentence for people; nothing was started, or all of it was taken back. */
export class StackError extends Error {
  override readonly name = 'StackError'
}

/** The supervisor that a folder belongs to: `owner.json`. */
export interface Owner extends ProcessId {
  readonly slot: number
}

/** A stack writes images, a database and logs: with less room than this it would break half-way. */
const neededBytes = 2 * 2 ** 30

/**
 * @param free bytes on the folder's disk
 * @throws {StackError} when the disk is nearly full or the folder can't be written to
 */
export function prepareFolder(folder: string, free: number): void {
  if (free < neededBytes) {
    const left = Math.floor(free / 2 ** 20)
    throw new StackError(`A stack needs 2 GiB of free disk space in ${folder}, and ${left} MiB are left.`)
  }
  try {
    for (const part of ['logs', 'data', 'config']) mkdirSync(join(folder, part), { recursive: true })
  } catch (error) {
    throw new StackError(`The folder ${folder} can't be written to: ${(error as Error).message}.`)
  }
}

/** Free bytes on the disk of a folder, or of the nearest folder above it that is there. */
export function freeBytesAt(folder: string): number {
  if (!existsSync(folder)) return freeBytesAt(dirname(folder))
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

export function readOwner(folder: string): Owner | undefined {
  const path = join(folder, 'owner.json')
  if (!existsSync(path)) return undefined
  try {
    const { pid, startTicks, slot } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Owner>
    return pid && startTicks ? { pid, startTicks, slot: slot ?? 0 } : undefined
  } catch {
    return undefined // half-written when the machine stopped: nobody runs here
  }
}

/** @throws {StackError} when a live supervisor has the folder */
export function refuseOwned(folder: string, owner: Owner | undefined): void {
  if (!owner || !isAlive(owner)) return
  const who = `A stack is running in ${folder} already (pid ${owner.pid})`
  throw new StackError(`${who}: take it down first, or use another folder.`)
}

/** The slot that the folder's cluster was made with; undefined before there is a cluster. */
export function keptSlot(folder: string): number | undefined {
  const path = join(folder, 'slot')
  if (!existsSync(join(folder, 'data/etcd')) || !existsSync(path)) return undefined
  return Number(readFileSync(path, 'utf8'))
}

export function claimFolder(folder: string, slot: number): void {
  writeFileSync(join(folder, 'slot'), String(slot))
  writeFileSync(join(folder, 'owner.json'), JSON.stringify({ ...identify(process.pid), slot }))
}

export function releaseFolder(folder: string): void {
  rmSync(join(folder, 'owner.json'), { force: true })
}

/** The port at which the stack of a folder tells its state; undefined when none runs there. */
export function controlPort(folder: string): number | undefined {
  const owner = readOwner(resolve(folder))
  return owner && isAlive(owner) ? portsOfSlot(owner.slot).control : undefined
}

/** The variables are kept for `npm run stack -- env`; some are secret. */
export function writeEnv(folder: string, env: StackEnv): void {
  writeFileSync(join(folder, 'env.json'), JSON.stringify(env), { mode: 0o600 })
}

/** The variables of a running stack's folder; undefined when none runs there. */
export function envOf(folder: string): StackEnv | undefined {
  if (controlPort(folder) === undefined) return undefined
  return JSON.parse(readFileSync(join(resolve(folder), 'env.json'), 'utf8')) as StackEnv
}
