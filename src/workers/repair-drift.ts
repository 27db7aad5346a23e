/**
 * Compares all that was pushed with what the cluster holds: resources that are gone are written again, and deletions
 * that the cluster has confirmed are finished. Poked whenever a resource disappears.
 */
import { findDrift } from '../modules/deployments/find-drift.ts'
import { finishDeletion } from '../modules/deployments/finish-deletion.ts'
import type { Deps } from '../modules/deps.ts'
import { createLoop, type Loop, type LoopOptions } from './loop.ts'

type Needed = Pick<Deps, 'db' | 'vault' | 'kube' | 'settings' | 'changes' | 'facts' | 'pushes'>

interface Options extends Pick<LoopOptions, 'log' | 'onRun'> {
  readonly deps: Needed
}

const PERIOD_MS = 15_000

export function repairDrift({ deps, ...rest }: Options): Loop {
  const work = async (signal: AbortSignal): Promise<number> => {
    const { confirmed, repushed } = await findDrift(deps, signal)
    if (repushed > 0) deps.pushes.poke()
    let finished = 0
    for (const row of confirmed) {
      if (signal.aborted) break
      if (await finishDeletion(deps, row)) finished += 1
    }
    return repushed + finished
  }
  return createLoop({ name: 'repair-drift', periodMs: PERIOD_MS, work, ...rest })
}
