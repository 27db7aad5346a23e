/** Removes audit rows that are older than the plan of their organisation keeps them. */
import { removePastRetention } from '../modules/audit/store.ts'
import type { Deps } from '../modules/deps.ts'
import { createLoop, type Loop, type LoopOptions } from './loop.ts'

interface Options extends Pick<LoopOptions, 'log' | 'onRun'> {
  readonly deps: Pick<Deps, 'db' | 'clock'>
}

const PERIOD_MS = 3_600_000
/** One statement holds the rows that it removes. */
const AT_ONCE = 5_000

export function sweepAudit({ deps: { db, clock }, ...rest }: Options): Loop {
  const work = async (signal: AbortSignal): Promise<number> => {
    for (let all = 0; ;) {
      const removed = await removePastRetention(db, new Date(clock.nowMs()), AT_ONCE)
      all += removed
      if (removed < AT_ONCE || signal.aborted) return all
    }
  }
  return createLoop({ name: 'sweep-audit', periodMs: PERIOD_MS, work, ...rest })
}
