import type { Caller } from '../access/actor.ts'
import type { Deps } from '../deps.ts'
import type { TeamView } from './schema.ts'
import { listTeamRows } from './store.ts'

/** The teams of an organisation: all for its owner and admins, one's own for a member. */
export async function listTeams(
  { db }: Pick<Deps, 'db'>,
  { actor, scope: { orgId } }: Caller,
): Promise<TeamView[]> {
  const role = actor.orgs.find((org) => org.orgId === orgId)?.role
  const onlyOwn = role !== 'org_owner' && role !== 'org_admin'
  const rows = await listTeamRows(db, { orgId, userId: actor.userId, onlyOwn })
  return rows.map(({ teamId, ...row }) => ({ id: teamId, orgId, ...row }))
}
