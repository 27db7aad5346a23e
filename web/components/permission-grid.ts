/** The table of rights as people read it: generated from src/contract/policy.ts, which the server asks. */
import type { OrgId, TeamId } from '../../src/contract/ids.ts'
import {
  ACTIONS,
  isAllowedWhenSuspended,
  judge,
  keyScopeOf,
  ORG_ROLES,
  TEAM_ROLES,
  type Action,
  type Grant,
  type KeyScope,
  type Role,
  type Verdict,
} from '../../src/contract/policy.ts'

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  org_owner: 'Owner',
  org_admin: 'Admin',
  org_member: 'Member',
  team_admin: 'Team admin',
  developer: 'Developer',
  viewer: 'Viewer',
  platform_admin: 'Platform admin',
}
export const ROLES = [...ORG_ROLES, ...TEAM_ROLES, 'platform_admin'] as const

export interface PermissionRow {
  readonly action: Action
  readonly verb: string
  readonly verdicts: Readonly<Record<Role, Verdict>>
  readonly isAllowedWhenSuspended: boolean
  /** Undefined: no API key may do it. */
  readonly keyScope: KeyScope | undefined
}

/** Any place will do: the table is the same in each. */
const place = { orgId: 'org' as OrgId, teamId: 'team' as TeamId }

function grantOf(role: Role): Grant {
  if (role === 'platform_admin') return { role }
  return TEAM_ROLES.some((each) => each === role)
    ? { role, ...place }
    : ({ role, orgId: place.orgId } as Grant)
}

function rowOf(action: Action): PermissionRow {
  const verdicts = ROLES.map((role) => [role, judge([grantOf(role)], action, place)] as const)
  return {
    action,
    verb: (action.split(':')[1] ?? action).replaceAll('-', ' '),
    verdicts: Object.fromEntries(verdicts) as Record<Role, Verdict>,
    isAllowedWhenSuspended: isAllowedWhenSuspended(action),
    keyScope: keyScopeOf(action),
  }
}

/** Rows by resource, in the order of the policy. */
export function permissionGrid(): { resource: string; rows: PermissionRow[] }[] {
  const groups = Map.groupBy(ACTIONS, (action) => action.split(':', 1)[0] ?? '')
  return [...groups].map(([resource, actions]) => ({
    resource: resource
      .replaceAll('-', ' ')
      .replace(/^org\b/, 'organisation')
      .replace(/\bapi\b/, 'API'),
    rows: actions.map(rowOf),
  }))
}
