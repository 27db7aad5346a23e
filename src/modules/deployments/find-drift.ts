/** What was pushed and is not so in the cluster. */
import type { DeploymentId } from '../../contract/ids.ts'
import type { Deps } from '../deps.ts'
import { factOf } from './view.ts'
import { listPushed, repush, type PushedRow } from './store.ts'

type Needed = Pick<Deps, 'db' | 'facts' | 'settings'>

export interface Drift {
  /** Deletion was wanted, and the watch sees nothing of them any more. */
  readonly confirmed: PushedRow[]
  /** How many will be written again, because they are gone. */
  readonly repushed: number
}

const PAGE = 500

/** Nothing while the cluster is away: then absence from memory means nothing. */
export async function findDrift(deps: Needed, signal: AbortSignal): Promise<Drift> {
  const confirmed: PushedRow[] = []
  const lost: DeploymentId[] = []
  let after: DeploymentId | null = null
  while (!signal.aborted && deps.facts.cluster() === 'live') {
    const rows: PushedRow[] = await listPushed(deps.db, { after, limit: PAGE })
    const absent = rows.filter((row) => !factOf(row, deps))
    confirmed.push(...absent.filter(({ deletedAt }) => deletedAt !== null))
    lost.push(...absent.filter(({ deletedAt }) => deletedAt === null).map(({ deploymentId }) => deploymentId))
    after = rows.at(-1)?.deploymentId ?? null
    if (rows.length < PAGE) break
  }
  return { confirmed, repushed: lost.length === 0 ? 0 : await repush(deps.db, lost) }
}
