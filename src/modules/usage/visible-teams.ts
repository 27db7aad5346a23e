import type { OrgId } from '../../contract/ids.ts'
import type { Actor } from '../access/actor.ts'

/** Whose usage somebody sees: null is the whole organisation's, for its owner and its admins. */
export function visibleTeams({ orgs, teams }: Actor, orgId: OrgId): string[] | null {
  const role = orgs.find((org) => org.orgId === orgId)?.role
  if (role === 'org_owner' || role === 'org_admin') return null
  return teams.filter((team) => team.orgId === orgId).map(({ teamId }) => teamId)
}
