/**
 * Who may do what: one table, asked by `authorize()` for procedures, streams, WebSockets and REST alike
 * (docs/decisions/009). `policy.golden.txt` shows it as a grid; a change here is a difference there.
 *
 * Each action names the least role that may do it. Roles imply others, within the organisation or team they are
 * for: an owner may what an admin may, an admin what a team admin may in every team. `org_member` implies no
 * role in a team, so it alone sees no deployment. `platform_admin` implies nothing: who runs the installation
 * has no right inside a tenant.
 */
import type { OrgId, TeamId } from './ids.ts'

export const ORG_ROLES = ['org_owner', 'org_admin', 'org_member'] as const
export const TEAM_ROLES = ['team_admin', 'developer', 'viewer'] as const
export type OrgRole = (typeof ORG_ROLES)[number]
export type TeamRole = (typeof TEAM_ROLES)[number]
export type Role = OrgRole | TeamRole | 'platform_admin'

/** The roles that a role includes besides itself. */
const IMPLIES: Record<Role, readonly Role[]> = {
  org_owner: ['org_admin', 'org_member', 'team_admin', 'developer', 'viewer'],
  org_admin: ['org_member', 'team_admin', 'developer', 'viewer'],
  org_member: [],
  team_admin: ['developer', 'viewer'],
  developer: ['viewer'],
  viewer: [],
  platform_admin: [],
}

/**
 * `self`: whoever is signed in, about what is their own; `nobody`: not even an owner.
 * `pay` and `delete` are told apart from `write` because a suspended organisation may still do them.
 */
type Least = Role | 'self' | 'nobody'
type Scope = 'platform' | 'org' | 'team' | 'self'
type Effect = 'read' | 'write' | 'delete' | 'pay'

/** What an API key can be allowed, as `deployments:read` or `deployments:write`; `null`: never by a key. */
export const KEY_AREAS = [
  'deployments',
  'templates',
  'secrets',
  'tasks',
  'workflows',
  'exec',
  'billing',
] as const
export type KeyArea = (typeof KEY_AREAS)[number]
export type KeyScope = `${KeyArea}:${'read' | 'write'}`
export const KEY_SCOPES = KEY_AREAS.flatMap((area): KeyScope[] => [`${area}:read`, `${area}:write`])

interface Rule {
  readonly scope: Scope
  readonly least: Least
  readonly effect: Effect
  readonly key: KeyArea | null
}

const rule =
  <S extends Scope>(scope: S) =>
  (least: Least, effect: Effect, key: KeyArea | null = null): Rule & { scope: S } => ({
    scope,
    least,
    effect,
    key,
  })
const platform = rule('platform')
const org = rule('org')
const team = rule('team')
const self = rule('self')

/** `resource:verb`. */
export const POLICY = {
  'org:read': org('org_member', 'read'),
  'org:update': org('org_admin', 'write'),
  'org:delete': org('org_owner', 'delete'),
  'org:transfer': org('org_owner', 'write'),
  'org:leave': org('org_member', 'delete'),
  'billing:read': org('org_owner', 'read', 'billing'),
  'billing:manage': org('org_owner', 'pay', 'billing'),
  'audit:read': org('org_admin', 'read'),
  /** Of one's own teams; admins of the organisation see all. */
  'usage:read': org('org_member', 'read'),
  'org-member:read': org('org_member', 'read'),
  'org-member:invite': org('org_admin', 'write'),
  'org-member:change-role': org('org_admin', 'write'),
  'org-member:remove': org('org_admin', 'delete'),
  /** Makes another member answer for all deployments of one. */
  'org-member:hand-over': org('org_admin', 'write'),
  'org-secret:read': org('org_admin', 'read', 'secrets'),
  'org-secret:set': org('org_admin', 'write', 'secrets'),
  'org-secret:delete': org('org_admin', 'delete', 'secrets'),
  'org-secret:read-value': org('nobody', 'read'),
  'org-template:write': org('org_admin', 'write', 'templates'),
  'org-template:delete': org('org_admin', 'delete', 'templates'),
  'own-template:write': org('org_member', 'write', 'templates'),
  'own-template:delete': org('org_member', 'delete', 'templates'),
  'api-key:read-all': org('org_admin', 'read'),
  'api-key:revoke-any': org('org_admin', 'delete'),
  'team:create': org('org_admin', 'write'),

  'team:read': team('viewer', 'read'),
  'team:update': team('org_admin', 'write'),
  'team:delete': team('org_admin', 'delete'),
  'team-member:read': team('viewer', 'read'),
  'team-member:invite': team('team_admin', 'write'),
  'team-member:change-role': team('team_admin', 'write'),
  'team-member:remove': team('team_admin', 'delete'),
  'team-template:write': team('team_admin', 'write', 'templates'),
  'team-template:delete': team('team_admin', 'delete', 'templates'),
  'team-api-key:read': team('team_admin', 'read'),
  'team-api-key:create': team('team_admin', 'write'),
  'team-api-key:revoke': team('team_admin', 'delete'),
  'template:read': team('viewer', 'read', 'templates'),

  'deployment:read': team('viewer', 'read', 'deployments'),
  'deployment:create': team('developer', 'write', 'deployments'),
  'deployment:update': team('developer', 'write', 'deployments'),
  'deployment:restart': team('developer', 'write', 'deployments'),
  'deployment:suspend': team('developer', 'write', 'deployments'),
  'deployment:rollback': team('developer', 'write', 'deployments'),
  'deployment:transfer': team('team_admin', 'write'),
  'deployment:delete': team('developer', 'delete', 'deployments'),
  'revision:read': team('viewer', 'read', 'deployments'),
  'log:read': team('viewer', 'read', 'deployments'),
  'metric:read': team('viewer', 'read', 'deployments'),
  'event:read': team('viewer', 'read', 'deployments'),
  'exec:open': team('developer', 'write', 'exec'),
  /** Names, never values. */
  'secret:read': team('viewer', 'read', 'secrets'),
  'secret:set': team('developer', 'write', 'secrets'),
  'secret:delete': team('developer', 'delete', 'secrets'),
  'secret:read-value': team('nobody', 'read'),
  'task:read': team('viewer', 'read', 'tasks'),
  'task:create': team('developer', 'write', 'tasks'),
  'task:cancel': team('developer', 'delete', 'tasks'),
  'workflow:read': team('viewer', 'read', 'workflows'),
  'workflow:create': team('developer', 'write', 'workflows'),
  'workflow:cancel': team('developer', 'delete', 'workflows'),

  'self:read': self('self', 'read'),
  'self:update': self('self', 'write'),
  'session:read': self('self', 'read'),
  'session:revoke': self('self', 'delete'),
  'own-secret:read': self('self', 'read', 'secrets'),
  'own-secret:set': self('self', 'write', 'secrets'),
  'own-secret:delete': self('self', 'delete', 'secrets'),
  'own-api-key:read': self('self', 'read'),
  'own-api-key:create': self('self', 'write'),
  'own-api-key:revoke': self('self', 'delete'),
  'org:create': self('self', 'write'),
  'invitation:accept': self('self', 'write'),

  'plan:manage': platform('platform_admin', 'write'),
  'public-template:write': platform('platform_admin', 'write'),
  'public-template:delete': platform('platform_admin', 'delete'),
  'stripe-event:read': platform('platform_admin', 'read'),
  'stripe-event:retry': platform('platform_admin', 'write'),
  'billing:compare': platform('platform_admin', 'write'),
  'billing:repair': platform('platform_admin', 'write'),
  'billing:read-comparison': platform('platform_admin', 'read'),
  'garbage:read': platform('platform_admin', 'read'),
  'garbage:repair': platform('platform_admin', 'write'),
  /** What they are called, whose they are and how they stand: nothing that is theirs. */
  'org:list-all': platform('platform_admin', 'read'),
  'org:suspend': platform('platform_admin', 'write'),
  'org:grant-credit': platform('platform_admin', 'write'),
  /** Signs somebody out everywhere, say when a device was lost. */
  'session:revoke-any': platform('platform_admin', 'delete'),
} as const satisfies Record<string, Rule>

export type Action = keyof typeof POLICY
type ActionOf<S extends Scope> = { [A in Action]: (typeof POLICY)[A]['scope'] extends S ? A : never }[Action]
export type OrgAction = ActionOf<'org'>
export type TeamAction = ActionOf<'team'>
export type SelfAction = ActionOf<'self'>
export type PlatformAction = ActionOf<'platform'>

export const ACTIONS = Object.keys(POLICY) as Action[]

/** One row of what somebody was given. */
export type Grant =
  | { readonly role: OrgRole; readonly orgId: OrgId }
  | { readonly role: TeamRole; readonly orgId: OrgId; readonly teamId: TeamId }
  | { readonly role: 'platform_admin' }

/** What an action is about: a team of an organisation, an organisation, or (empty) one's own or the platform. */
export interface Place {
  readonly orgId?: OrgId
  readonly teamId?: TeamId
}

const includes = (role: Role, least: Least): boolean =>
  role === least || IMPLIES[role].some((each) => each === least)

/** Whether a grant reaches a place: its own team, or everything in its own organisation. */
function reaches(grant: Grant, scope: Scope, place: Place): boolean {
  if (grant.role === 'platform_admin') return scope === 'platform'
  if (scope !== 'org' && scope !== 'team') return false
  if (place.orgId === undefined || grant.orgId !== place.orgId) return false
  if (scope === 'team' && place.teamId === undefined) return false
  return 'teamId' in grant ? scope === 'team' && grant.teamId === place.teamId : true
}

/**
 * Whether these grants allow an action at a place. Grants are those of one person who is signed in. A place that
 * lacks what the action's scope needs is allowed nothing.
 */
export function can(grants: readonly Grant[], action: Action, place: Place = {}): boolean {
  const { scope, least }: Rule = POLICY[action]
  if (least === 'self') return true
  return grants.some((grant) => reaches(grant, scope, place) && includes(grant.role, least))
}

/** `hidden`: the caller may not even know that it exists, so the answer is NOT_FOUND; `refused`: FORBIDDEN. */
export type Verdict = 'allowed' | 'refused' | 'hidden'

/** The action by which a place is seen; the platform is seen by who may do something there. */
const SEEN_BY = { org: 'org:read', team: 'team:read' } as const

/** The answer to an action at a place. */
export function judge(grants: readonly Grant[], action: Action, place: Place = {}): Verdict {
  if (can(grants, action, place)) return 'allowed'
  const { scope }: Rule = POLICY[action]
  const isSeen = (scope === 'org' || scope === 'team') && can(grants, SEEN_BY[scope], place)
  return isSeen ? 'refused' : 'hidden'
}

/** A suspended organisation may read, pay and delete, nothing else; what is not in it goes on. */
export function isAllowedWhenSuspended(action: Action): boolean {
  const { scope, effect }: Rule = POLICY[action]
  return effect !== 'write' || scope === 'self' || scope === 'platform'
}

/** What grows an organisation: an organisation that has not paid for a while changes what it has, and makes nothing. */
const MAKES_NEW: ReadonlySet<Action> = new Set<Action>([
  'org-member:invite',
  'org-secret:set',
  'org-template:write',
  'own-template:write',
  'team:create',
  'team-member:invite',
  'team-template:write',
  'deployment:create',
  'secret:set',
  'task:create',
  'workflow:create',
])

/** Whether an organisation that has not paid for a while is refused it. */
export const makesNew = (action: Action): boolean => MAKES_NEW.has(action)

/**
 * Whether an API key with these scopes may be used for an action; its creator must be allowed it as well, at the
 * moment of use.
 */
export function isInKeyScopes(scopes: readonly KeyScope[], action: Action): boolean {
  const needed = keyScopeOf(action)
  return needed !== undefined && scopes.includes(needed)
}

/** The scope that an API key needs for an action; undefined: no key may do it. */
export function keyScopeOf(action: Action): KeyScope | undefined {
  const { key, effect }: Rule = POLICY[action]
  return key === null ? undefined : `${key}:${effect === 'read' ? 'read' : 'write'}`
}
