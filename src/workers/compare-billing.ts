/** Compares Stripe, rows and cluster once a day. Two servers at once only look twice. */
import type { Deps } from '../modules/deps.ts'
import { lastComparison, runComparison } from '../modules/comparison/run-comparison.ts'
import { createLoop, type Loop, type LoopOptions } from './loop.ts'

interface Options extends Pick<LoopOptions, 'onRun'> {
  readonly log: LoopOptions['log']
  readonly deps: Pick<Deps, 'db' | 'kube' | 'stripe' | 'clock' | 'facts' | 'settings'>
}

const PERIOD_MS = 15 * 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export function compareBilling({ deps, log, ...rest }: Options): Loop {
  const work = async (): Promise<number> => {
    const { last } = await lastComparison(deps)
    // What could not be looked at is looked at sooner.
    const lastsMs = last && last.blind.length > 0 ? HOUR_MS : DAY_MS
    if (last && deps.clock.nowMs() - Date.parse(last.takenAt) < lastsMs) return 0
    const { differences } = await runComparison(deps)
    if (differences.length > 0)
      log.warn({ differences: differences.length }, 'Stripe, rows and cluster do not agree')
    return differences.length
  }
  return createLoop({ name: 'compare-billing', periodMs: PERIOD_MS, work, log, ...rest })
}
