/**
 * Keeps the custom resources equal to what is wanted: claims rows whose generation is ahead of the pushed one, applies
 * their resource, marks them. A worker that dies loses its claim by time, and applying again changes nothing.
 */
import type { Logger } from 'pino'

import { isAppError, type ErrorCode } from '../errors.ts'
import { finishDeletion } from '../modules/deployments/finish-deletion.ts'
import { pushDeployment, type Claimed } from '../modules/deployments/push-deployment.ts'
import type { Deps } from '../modules/deps.ts'
import { claim, giveUp } from '../modules/deployments/claims.ts'
import { createLoop, type Loop, type LoopOptions } from './loop.ts'

type Needed = Pick<Deps, 'db' | 'vault' | 'kube' | 'settings' | 'changes'>

interface Options extends Pick<LoopOptions, 'onRun'> {
  readonly log: LoopOptions['log'] & Pick<Logger, 'info'>
  readonly deps: Needed
  /** Names this process among all that claim. */
  readonly worker: string
}

/** Rows that one process works on at the same time. */
const AT_ONCE = 8
/** For what no poke tells: rows of other processes that died, and back-offs that are over. */
const PERIOD_MS = 1_000

/** A cluster that is away is told of once for each change, not at every attempt. */
function levelFor(code: ErrorCode, { pushAttempts }: Claimed): 'debug' | 'info' | 'warn' {
  if (code !== 'CLUSTER_UNAVAILABLE') return 'warn'
  return pushAttempts === 1 ? 'info' : 'debug'
}

export function pushCustomResources({ deps, worker, ...rest }: Options): Loop {
  const push = async (row: Claimed): Promise<void> => {
    try {
      const isGone = await pushDeployment(deps, row, worker)
      if (isGone) await finishDeletion(deps, row)
    } catch (error) {
      const code = isAppError(error) ? error.code : 'INTERNAL'
      rest.log[levelFor(code, row)](
        { err: error, deployment: row.deploymentId },
        'a custom resource was not written; it is tried again',
      )
      await giveUp(deps, row, { worker, code })
    }
    deps.changes.emit({ id: row.deploymentId, teamId: row.teamId })
  }

  const work = async (signal: AbortSignal): Promise<number> => {
    let pushed = 0
    while (!signal.aborted) {
      const rows = await claim(deps, worker, AT_ONCE)
      if (rows.length === 0) break
      await Promise.all(rows.map(push))
      pushed += rows.length
    }
    return pushed
  }

  return createLoop({ name: 'push-custom-resources', periodMs: PERIOD_MS, work, ...rest })
}
