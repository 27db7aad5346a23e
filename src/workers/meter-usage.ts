/** Enters the hours that deployments used, and does what follows for budgets. What a process leaves that dies, any other enters. */
import type { Deps } from '../modules/deps.ts'
import { enforceBudgets } from '../modules/usage/budgets.ts'
import { closeCreditMonths } from '../modules/usage/credits.ts'
import { meterUsage } from '../modules/usage/meter-usage.ts'
import { createLoop, type Loop, type LoopOptions } from './loop.ts'

interface Options extends Pick<LoopOptions, 'log' | 'onRun'> {
  readonly deps: Pick<Deps, 'db' | 'clock' | 'facts' | 'settings' | 'mail' | 'pushes' | 'effects'>
}

const PERIOD_MS = 60_000

export function meterUsageHourly({ deps, ...rest }: Options): Loop {
  const work = async (signal: AbortSignal): Promise<number> =>
    (await meterUsage(deps, signal)) + (await enforceBudgets(deps)) + (await closeCreditMonths(deps))
  return createLoop({ name: 'meter-usage', periodMs: PERIOD_MS, work, ...rest })
}
