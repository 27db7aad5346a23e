/**
 * Goes back to the last revision that was ready where an update has failed and the deployment asks for that
 * (docs/decisions/028). It keeps no state: that the failed revision is still the wanted one is looked at, and is part
 * of the statement that makes the new one, so of two servers one does it, and one that dies has done it or has not.
 */
import type { Logger } from 'pino'

import { isAppError } from '../errors.ts'
import { SHIPYARD } from '../modules/access/actor.ts'
import { failedUpdate, type FailedUpdate } from '../modules/deployments/failed-update.ts'
import { rollbackDeployment } from '../modules/deployments/rollback-deployment.ts'
import type { Deps } from '../modules/deps.ts'
import { createLoop, type Loop, type LoopOptions } from './loop.ts'

type Needed = Pick<Deps, 'db' | 'vault' | 'facts' | 'pushes' | 'changes' | 'settings'>

interface Options extends Pick<LoopOptions, 'onRun'> {
  readonly log: LoopOptions['log'] & Pick<Logger, 'info'>
  readonly deps: Needed
}

/** What has failed is looked through in memory, and costs nothing while nothing has. */
const PERIOD_MS = 2_000

export function rollBackFailed({ deps, log, ...rest }: Options): Loop {
  /** Failed revisions that cannot be undone, by deployment: said once each. */
  const hopeless = new Map<string, number>()

  const goBack = async (update: FailedUpdate): Promise<number> => {
    const { id, generation, failed, good, reason } = update
    if (hopeless.get(id) === failed) return 0
    try {
      await rollbackDeployment(deps, SHIPYARD, {
        id,
        baseRevision: failed,
        baseGeneration: generation,
        revision: good,
        because: { failed, reason },
      })
      log.info({ deployment: id, failed, good, reason }, 'an update failed and was taken back')
      return 1
    } catch (error) {
      // Somebody, or another server, was quicker.
      if (isAppError(error, 'CONFLICT', 'BEING_DELETED')) return 0
      if (isAppError(error, 'SECRET_VERSION_GONE', 'NOT_FOUND')) {
        hopeless.set(id, failed)
        log.warn({ err: error, deployment: id, failed, good }, 'a failed update cannot be taken back')
        return 0
      }
      // What is in the way of one is in nobody else's.
      log.error(
        { err: error, deployment: id, failed, good },
        'a failed update was not taken back; it is tried again',
      )
      return 0
    }
  }

  const work = async (signal: AbortSignal): Promise<number> => {
    if (deps.facts.cluster() !== 'live') return 0
    const updates = deps.facts.all().flatMap((resource) => failedUpdate(resource) ?? [])
    const ids = new Set<string>(updates.map(({ id }) => id))
    for (const id of hopeless.keys()) if (!ids.has(id)) hopeless.delete(id)
    let taken = 0
    for (const update of updates) {
      if (signal.aborted) break
      taken += await goBack(update)
    }
    return taken
  }
  return createLoop({ name: 'roll-back-failed', periodMs: PERIOD_MS, work, log, ...rest })
}
