import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * A process, told apart from a later one with the same pid by the time it was started: pids are
 * reused, and what we end must be what we started.
 */
export interface ProcessId {
  readonly pid: number
  /** Field 22 of /proc/PID/stat: clock ticks since the machine started. */
  readonly startTicks: string
}

/** Fields of /proc/PID/stat after the name, which may hold spaces and brackets; undefined if it is gone. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined // it has ended
  }
}

/** The identity of a live process, or undefined when there is none (or only its zombie). */
export function identify(pid: number): ProcessId | undefined {
  const stat = statOf(pid)
  const startTicks = stat?.[19]
  return startTicks === undefined || stat?.[0] === 'Z' ? undefined : { pid, startTicks }
}

export function isAlive(process: ProcessId): boolean {
  return identify(process.pid)?.startTicks === process.startTicks
}

/** Sends a signal, unless the process has ended or its pid belongs to another one by now. */
export function signalProcess(target: ProcessId, signal: NodeJS.Signals): void {
  if (!isAlive(target)) return
  try {
    process.kill(target.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Signal, wait, then SIGKILL. Resolves when all are gone; rejects if one outlives even that. */
export async function endProcesses(
  targets: readonly ProcessId[],
  options: { signal?: NodeJS.Signals; graceMs?: number } = {},
): Promise<void> {
  for (const target of targets) signalProcess(target, options.signal ?? 'SIGTERM')
  if (await allGone(targets, options.graceMs ?? 3_000)) return
  for (const target of targets) signalProcess(target, 'SIGKILL')
  if (await allGone(targets, 10_000)) return
  const left = targets.filter(isAlive).map((target) => target.pid)
  throw new Error(`These processes do not end, even by SIGKILL: ${left.join(', ')}.`)
}

async function allGone(targets: readonly ProcessId[], withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs
  for (let pause = 5; targets.some(isAlive); pause = Math.min(pause * 2, 100)) {
    if (performance.now() > until) return false
    await sleep(pause)
  }
  return true
}

/** Pids of all processes of the machine. */
export function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

/** Pids of the direct children of a process. */
export function childrenOf(pid: number): number[] {
  return allPids().filter((child) => statOf(child)?.[1] === String(pid))
}

/** All processes of the pid namespace that `pid` belongs to. */
export function pidsInNamespaceOf(pid: number): number[] {
  const namespace = linkOf(`/proc/${pid}/ns/pid`)
  return namespace === undefined
    ? []
    : allPids().filter((other) => linkOf(`/proc/${other}/ns/pid`) === namespace)
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined // ended meanwhile, or not ours to look at
  }
}
