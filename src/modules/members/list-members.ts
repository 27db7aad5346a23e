import type { Caller } from '../access/actor.ts'
import type { Deps } from '../deps.ts'
import type { MemberView } from './schema.ts'
import { listMemberRows, type MemberRow } from './store.ts'

/** The members of an organisation, and of their teams those that the caller may see. */
export async function listMembers({ db }: Pick<Deps, 'db'>, { actor, scope }: Caller): Promise<MemberView[]> {
  const { orgId } = scope
  const role = actor.orgs.find((org) => org.orgId === orgId)?.role
  const seesAll = role === 'org_owner' || role === 'org_admin'
  const own = actor.teams.filter((team) => team.orgId === orgId).map(({ teamId }) => teamId)
  const rows = await listMemberRows(db, { orgId, seenTeamIds: seesAll ? null : own })
  return rows.map((row) => viewOf(row, seesAll || row.userId === actor.userId))
}

const viewOf = (row: MemberRow, seesDeployments: boolean): MemberView => ({
  userId: row.userId,
  name: row.name,
  email: row.email,
  avatarUrl: row.avatarUrl,
  role: row.role,
  teams: row.teams,
  deployments: seesDeployments ? row.deploymentsKept : null,
  joinedAt: row.createdAt.toISOString(),
})
