/** Brings organisations that have not paid from stage to stage as time goes by. */
import { settleStandings } from '../modules/billing/settle-standings.ts'
import type { Deps } from '../modules/deps.ts'
import { createLoop, type Loop, type LoopOptions } from './loop.ts'

interface Options extends Pick<LoopOptions, 'log' | 'onRun'> {
  readonly deps: Pick<Deps, 'db' | 'mail' | 'clock' | 'settings' | 'pushes' | 'effects' | 'changes'>
}

/** Stages last for days. */
const PERIOD_MS = 20_000

export function settleStanding({ deps, ...rest }: Options): Loop {
  return createLoop({
    name: 'settle-standing',
    periodMs: PERIOD_MS,
    work: async (signal) => settleStandings(deps, signal),
    ...rest,
  })
}
