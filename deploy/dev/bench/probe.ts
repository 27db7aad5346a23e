/** The machine as a benchmark sees it; tests of the comparison give another one. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

import { readBusy, readProcesses, TICK_MS, ticksOfTree } from './processes.ts'

export interface Probe {
  /** Milliseconds of a clock that never jumps. */
  now(): number
  /** User and system time so far, of this process and all below it, in milliseconds. */
  cpuMs(): number
  /** How many cores other processes keep busy, looked at for a moment. */
  foreignLoad(): Promise<number>
  pause(ms: number): Promise<void>
  /** Begins to watch how late this process's event loop is; the answer ends it. */
  watchLoop(): () => LoopDelay
}

export interface LoopDelay {
  p99Ms: number
  maxMs: number
}

const LOOK_MS = 500
const NANOSECONDS = 1_000_000

/**
 * The probe of this machine (Linux: it reads `/proc`).
 *
 * @param pids further processes that belong to what is measured, with all below them
 */
export function machineProbe(pids: readonly number[] = []): Probe {
  const own = [process.pid, ...pids]
  return {
    now: () => performance.now(),
    cpuMs: () => {
      const { user, system } = process.cpuUsage()
      const processes = readProcesses()
      // What Node says of this process is finer than ticks.
      const selfTicks = processes.find(({ pid }) => pid === process.pid)?.ticks ?? 0
      return (user + system) / 1000 + (ticksOfTree(processes, own) - selfTicks) * TICK_MS
    },
    foreignLoad: async () => {
      const look = (): number => readBusy() - ticksOfTree(readProcesses(), own)
      const before = look()
      const started = performance.now()
      await sleep(LOOK_MS)
      const elapsed = performance.now() - started
      return Math.max(0, ((look() - before) * TICK_MS) / elapsed)
    },
    pause: (ms) => sleep(ms),
    watchLoop: () => {
      const histogram = monitorEventLoopDelay({ resolution: 1 })
      histogram.enable()
      return () => {
        histogram.disable()
        return { p99Ms: histogram.percentile(99) / NANOSECONDS, maxMs: histogram.max / NANOSECONDS }
      }
    },
  }
}
