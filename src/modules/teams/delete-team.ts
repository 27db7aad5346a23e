import type { TeamId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import { tellDeployments } from '../members/kept-deployments.ts'
import type { TeamDone } from './schema.ts'
import { deleteTeamRow } from './store.ts'

/** @throws {AppError} STILL_IN_USE with the deployments that are there, DEFAULT_TEAM_STAYS, NOT_FOUND */
export async function deleteTeam(
  { db }: Pick<Deps, 'db'>,
  caller: Caller,
  teamId: TeamId,
): Promise<TeamDone> {
  const { orgId } = caller.scope
  const { outcome } = await deleteTeamRow(db, { ...auditOf(caller), orgId, teamId })
  if (outcome === 'is_default') fail('DEFAULT_TEAM_STAYS', {})
  if (outcome === 'no_such_team') fail('NOT_FOUND', { what: 'team' })
  if (outcome === 'has_deployments') {
    fail('STILL_IN_USE', { what: 'team', deployments: await tellDeployments(db, { orgId, teamId }) })
  }
  return { id: teamId }
}
