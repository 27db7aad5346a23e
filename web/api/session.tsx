/** Who is signed in, and for which team the pages ask. */
import { createContext, useContext } from 'react'

import type { DeploymentId, TeamId } from '../../src/contract/ids.ts'
import {
  can,
  isAllowedWhenSuspended,
  makesNew,
  type Action,
  type Grant,
  type Place,
  type TeamAction,
} from '../../src/contract/policy.ts'
import type { Me, MyOrg, MyTeam } from '../../src/modules/access/schema.ts'

export interface Session {
  user: Me['user']
  org: MyOrg
  team: MyTeam
  /** All teams one may look at, with their organisations. */
  teams: { team: MyTeam; org: MyOrg }[]
  /** Whether one's roles allow it in this team. The server asks again; this keeps buttons honest. */
  may: (action: TeamAction) => boolean
}

function grantsOf({ orgs, teams, user }: Me): Grant[] {
  return [
    ...orgs.map(({ id, role }) => ({ role, orgId: id })),
    ...teams.flatMap(({ id, orgId, role }) => (role === null ? [] : [{ role, orgId, teamId: id }])),
    ...(user.isPlatformAdmin ? [{ role: 'platform_admin' as const }] : []),
  ]
}

/** Whether the roles of somebody allow an action at a place. */
export function mayAt(me: Me, action: Action, place: Place): boolean {
  const org = me.orgs.find(({ id }) => id === place.orgId)
  if (org?.isSuspended === true && !isAllowedWhenSuspended(action)) return false
  if (org?.isFrozen === true && makesNew(action)) return false
  return can(grantsOf(me), action, place)
}

/** The session in its current team; undefined when one is in no team (yet, or any more). */
export function sessionOf(me: Me): Session | undefined {
  const teams = teamsOf(me)
  const current = teams.find(({ team }) => team.id === me.currentTeamId) ?? teams[0]
  return current && sessionIn(me, current.team.id)
}

/** The session as it is in one of one's teams, also when another is the current one. */
export function sessionIn(me: Me, teamId: TeamId): Session | undefined {
  const teams = teamsOf(me)
  const found = teams.find(({ team }) => team.id === teamId)
  if (!found) return undefined
  const { org, team } = found
  const place = { orgId: org.id, teamId }
  return { user: me.user, org, team, teams, may: (action) => mayAt(me, action, place) }
}

const teamsOf = ({ teams, orgs }: Me): Session['teams'] =>
  teams.flatMap((team) => {
    const org = orgs.find(({ id }) => id === team.orgId)
    return org ? [{ team, org }] : []
  })

/** Who is signed in, also when they are in no team. */
export const MeContext = createContext<Me | undefined>(undefined)

/** @throws when no page of the frame asks */
export function useMe(): Me {
  const me = useContext(MeContext)
  if (!me) throw new Error('This component stands outside of the signed-in frame.')
  return me
}

export const SessionContext = createContext<Session | undefined>(undefined)

/** @throws when no page of the frame asks */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('This component stands outside of the signed-in frame.')
  return session
}

/** What stands in an address is text; whether there is such an id, the server says. */
export const asDeploymentId = (text: string | undefined): DeploymentId => (text ?? '') as DeploymentId
