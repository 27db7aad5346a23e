/**
 * Garbage is collected when there is nothing else to do. V8 collects while it allocates: what a burst of work left
 * behind stays in memory until the next one, which may be tomorrow (docs/decisions/059).
 */
import { performance } from 'node:perf_hooks'

import { systemClock, type Clock } from '../../src/kubernetes/clock.ts'

/** What an event loop has done since its start, in milliseconds: `performance.eventLoopUtilization()`. */
interface LoopTimes {
  active: number
}

interface TidyOptions {
  clock: Clock
  loop: () => LoopTimes
  /**
   * A full collection; it holds everything up for some milliseconds per megabyte that lives. By default Node's own, which
   * is there where it was started with `--expose-gc`; otherwise nothing is done.
   */
  collect: (() => void) | undefined
}

/** So long nearly nothing may have been done before. */
const REST_MS = 3_000
/** Nearly nothing: watches are held open, a lease is renewed, somebody asks for metrics. */
const AT_REST = 0.05
/** Less work than that leaves too little behind. */
const WORK_MS = 1_000

/** @returns stop */
export function tidyAtRest({
  clock = systemClock,
  loop = () => performance.eventLoopUtilization(),
  collect = fullCollection(globalThis.gc),
}: Partial<TidyOptions> = {}): () => void {
  if (!collect) return () => undefined
  let tidiedAt = 0
  let before = loop().active
  const look = (): void => {
    const { active } = loop()
    const isAtRest = active - before < REST_MS * AT_REST
    if (isAtRest && active - tidiedAt >= WORK_MS) {
      collect()
      tidiedAt = loop().active
    }
    before = loop().active
    cancel = clock.after(REST_MS, look)
  }
  let cancel = clock.after(REST_MS, look)
  return () => cancel()
}

/** The one that gives pages back that are half empty; the usual one leaves them for what comes next. */
const fullCollection = (gc: NodeJS.GCFunction | undefined): TidyOptions['collect'] =>
  gc && (() => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' }))
