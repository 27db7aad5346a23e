/**
 * Destroys versions in Vault that no revision names: what a request left that died, or was refused, after it had
 * brought values to Vault; and all that belongs to deployments that are gone.
 */
import { sweepUser, usersWithSecrets } from '../modules/secrets/sweep-secrets.ts'
import type { Deps } from '../modules/deps.ts'
import { createLoop, type Loop, type LoopOptions } from './loop.ts'

interface Options extends Pick<LoopOptions, 'log' | 'onRun'> {
  readonly deps: Pick<Deps, 'db' | 'vault' | 'clock'>
  /** Younger versions may belong to a request under way. */
  readonly graceMs?: number
  readonly periodMs?: number
}

const GRACE_MS = 10 * 60_000
const PERIOD_MS = 5 * 60_000

export function sweepStagedSecrets({
  deps,
  graceMs = GRACE_MS,
  periodMs = PERIOD_MS,
  ...rest
}: Options): Loop {
  const work = async (signal: AbortSignal): Promise<number> => {
    let swept = 0
    for (const userId of await usersWithSecrets(deps)) {
      if (signal.aborted) break
      swept += await sweepUser(deps, userId, graceMs)
    }
    return swept
  }
  return createLoop({ name: 'sweep-staged-secrets', periodMs, work, ...rest })
}
