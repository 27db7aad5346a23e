/** Keeps each organisation to the number of deployments that its plan allows. */
import { holdOverLimit } from '../modules/billing/hold-over-limit.ts'
import type { Deps } from '../modules/deps.ts'
import { createLoop, type Loop, type LoopOptions } from './loop.ts'

interface Options extends Pick<LoopOptions, 'log' | 'onRun'> {
  readonly deps: Pick<Deps, 'db' | 'settings' | 'changes' | 'pushes'>
}

/** What was paid for runs within a minute. */
const PERIOD_MS = 10_000

export function holdDeployments({ deps, ...rest }: Options): Loop {
  return createLoop({
    name: 'hold-deployments',
    periodMs: PERIOD_MS,
    work: async () => holdOverLimit(deps),
    ...rest,
  })
}
