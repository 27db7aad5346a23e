/** Tells Stripe what usage costs. What a process leaves that dies, any other tells. */
import { reportUsage as report } from '../modules/usage-reports/report-usage.ts'
import type { Deps } from '../modules/deps.ts'
import { createLoop, type Loop, type LoopOptions } from './loop.ts'

interface Options extends Pick<LoopOptions, 'log' | 'onRun'> {
  readonly deps: Pick<Deps, 'db' | 'clock' | 'settings' | 'stripe'>
}

const PERIOD_MS = 5 * 60_000

export function reportUsage({ deps, ...rest }: Options): Loop {
  const onFailure = (err: unknown, customerId: string): void =>
    rest.log.warn({ err, customerId }, 'usage was not told to Stripe; it is told later')
  const work = async (signal: AbortSignal): Promise<number> => report(deps, { signal, onFailure })
  return createLoop({ name: 'report-usage', periodMs: PERIOD_MS, work, ...rest })
}
