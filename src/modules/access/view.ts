import type { Actor } from './actor.ts'
import type { Me, MyOrg, MyTeam } from './schema.ts'

export const myOrgs = (actor: Actor): MyOrg[] =>
  actor.orgs.map(({ orgId, slug, name, role, planId, suspended, frozen }) => ({
    id: orgId,
    slug,
    name,
    role,
    plan: planId,
    isSuspended: suspended,
    isFrozen: frozen,
  }))

const myTeams = (actor: Actor): MyTeam[] =>
  actor.teams.map(({ teamId, orgId, name, role }) => ({ id: teamId, orgId, name, role }))

export function viewOfMe(actor: Actor): Me {
  const { userId, email, name, avatarUrl, isPlatformAdmin } = actor
  return {
    user: { id: userId, email, name, avatarUrl, isPlatformAdmin },
    orgs: myOrgs(actor),
    teams: myTeams(actor),
    currentTeamId: currentTeamOf(actor)?.teamId ?? null,
  }
}

/** The team of the session while the caller is in it, else the first one. */
export function currentTeamOf({ session, teams }: Actor): Actor['teams'][number] | undefined {
  return teams.find(({ teamId }) => teamId === session?.currentTeamId) ?? teams[0]
}
