import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const pollMs = 150

export interface LockOptions {
  readonly signal?: AbortSignal
  /** Called once if another process holds the lock. */
  readonly onWait?: () => void
}

/**
 * Runs a task while holding a lock that other processes respect. The lock is a file that names its holder;
 * a holder that no longer runs (its pid is free, or was given to a later process) is pushed aside.
 */
export async function withLock<T>(path: string, options: LockOptions, task: () => Promise<T>): Promise<T> {
  const mine = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`
  await mkdir(dirname(path), { recursive: true })
  await writeFile(mine, JSON.stringify(holderOf(process.pid)))
  try {
    await acquire(path, mine, options)
    try {
      return await task()
    } finally {
      await rm(path, { force: true })
    }
  } finally {
    await rm(mine, { force: true })
  }
}

/** Whether a process with this pid exists (a zombie counts). */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

interface Holder {
  readonly pid: number
  /** Start of the process in the kernel's ticks, where the kernel tells: a pid alone is used again. */
  readonly started: string | null
}

/** A hard link is made by one call and only if the name is free, with the contents already in it. */
async function acquire(path: string, mine: string, { signal, onWait }: LockOptions): Promise<void> {
  let waited = false
  for (;;) {
    signal?.throwIfAborted()
    if (await claim(path, mine)) return
    const text = await readText(path)
    if (text !== null && !isAlive(text)) {
      await pushAside(path, text)
      continue
    }
    if (!waited) onWait?.()
    waited = true
    await sleep(pollMs, undefined, { signal })
  }
}

async function claim(path: string, mine: string): Promise<boolean> {
  try {
    await link(mine, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Moves a dead holder's lock away. Of two that try at once, the slower may have moved a live lock: it is put back. */
async function pushAside(path: string, dead: string): Promise<void> {
  const aside = `${path}.dead-${randomBytes(4).toString('hex')}`
  try {
    await rename(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if ((await readText(aside)) !== dead) await claim(path, aside)
  await rm(aside, { force: true })
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function isAlive(text: string): boolean {
  const holder = parseHolder(text)
  if (!holder || !isRunning(holder.pid)) return false
  const now = holderOf(holder.pid)
  return holder.started === null || now.started === null || holder.started === now.started
}

function parseHolder(text: string): Holder | null {
  const match = /^\{"pid":(\d+),"started":(?:"(\d+)"|null)\}$/.exec(text)
  return match ? { pid: Number(match[1]), started: match[2] ?? null } : null
}

function holderOf(pid: number): Holder {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Field 22; the second, a name in brackets, may itself hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { pid, started: fields[19] ?? null }
  } catch {
    return { pid, started: null } // No /proc here (macOS), or the process has just gone.
  }
}
