/** What Linux says of processor time, in `/proc`. The parsing is pure; reading is at the end. */
import { readdirSync, readFileSync } from 'node:fs'

/** The unit of all times in `/proc`: a hundredth of a second for every program outside the kernel. */
export const TICK_MS = 10

export interface ProcessTimes {
  pid: number
  parent: number
  /** Its own user and system time. */
  ticks: number
  /** That of its children which ended and were waited for, and of theirs. */
  childTicks: number
}

/** Reads a `/proc/<pid>/stat`. The name in parentheses may hold blanks and parentheses itself. */
export function parseProcess(stat: string): ProcessTimes {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const field = (number: number): number => Number(fields[number - 3])
  return {
    pid: Number.parseInt(stat, 10),
    parent: field(4),
    ticks: field(14) + field(15),
    childTicks: field(16) + field(17),
  }
}

/** All processor time that was used or stolen by the host, from the first line of `/proc/stat`, in ticks. */
export function parseBusy(stat: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = stat
    .slice(0, stat.indexOf('\n'))
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number)
  return user + nice + system + irq + softirq + steal
}

/**
 * The time of some processes and all below them, of children that have ended too, in ticks.
 *
 * @param roots process ids; unknown ones count nothing
 */
export function ticksOfTree(processes: readonly ProcessTimes[], roots: readonly number[]): number {
  const inTree = new Set(roots)
  for (let size = 0; size !== inTree.size;) {
    size = inTree.size
    for (const { pid, parent } of processes) if (inTree.has(parent)) inTree.add(pid)
  }
  return processes
    .filter(({ pid }) => inTree.has(pid))
    .reduce((sum, { ticks, childTicks }) => sum + ticks + childTicks, 0)
}

/** Every process there is now. One that ends while we look is left out. */
export function readProcesses(): ProcessTimes[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [parseProcess(readFileSync(`/proc/${pid}/stat`, 'utf8'))]
      } catch {
        return []
      }
    })
}

export const readBusy = (): number => parseBusy(readFileSync('/proc/stat', 'utf8'))
