import { useParams } from 'react-router'

import type { OrgAction, TeamAction } from '../../src/contract/policy.ts'
import type { MyOrg } from '../../src/modules/access/schema.ts'
import { mayAt, useMe } from '../api/session.tsx'
import { orgHindrance } from './org-hindrance.ts'
import { whoMay } from './role-names.ts'

export interface OrgAccess {
  org: MyOrg
  /** Why one may not, for the tip of a button; undefined when one may. */
  whyNot: (action: OrgAction) => string | undefined
  whyNotInTeam: (action: TeamAction, teamId: string) => string | undefined
}

/** The organisation of the address, if one is in it, and what one may do there. */
export function useOrgIfAny(): OrgAccess | undefined {
  const { orgId } = useParams()
  const me = useMe()
  const org = me.orgs.find(({ id }) => id === orgId)
  if (!org) return undefined
  const reason = (may: boolean, action: OrgAction | TeamAction) =>
    may ? undefined : (orgHindrance(org, action) ?? whoMay(action))
  return {
    org,
    whyNot: (action) => reason(mayAt(me, action, { orgId: org.id }), action),
    whyNotInTeam: (action, teamId) => {
      const team = me.teams.find(({ id }) => id === teamId)
      // A team that one is not in is of this organisation too: only its administrators come to see it.
      const place = { orgId: org.id, teamId: team?.id ?? (teamId as NonNullable<typeof team>['id']) }
      return reason(mayAt(me, action, place), action)
    },
  }
}

/** @throws outside of the pages about an organisation, which are for its members alone */
export function useOrg(): OrgAccess {
  const access = useOrgIfAny()
  if (!access) throw new Error('This component stands outside of the pages about an organisation.')
  return access
}
