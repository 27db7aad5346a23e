/**
 * Takes down what deleted organisations have left in the cluster and in Vault, and looks until it is gone. Whatever
 * fails is tried again; several servers doing the same do no harm.
 */
import type { Deps } from '../modules/deps.ts'
import { finishRemovals } from '../modules/orgs/finish-removal.ts'
import { createLoop, type Loop, type LoopOptions } from './loop.ts'

interface Options extends Pick<LoopOptions, 'log' | 'onRun'> {
  readonly deps: Pick<Deps, 'db' | 'kube' | 'vault'>
}

const PERIOD_MS = 5_000

export function finishOrgRemovals({ deps, ...rest }: Options): Loop {
  return createLoop({
    name: 'finish-org-removals',
    periodMs: PERIOD_MS,
    work: async () => finishRemovals(deps),
    ...rest,
  })
}
