/** The one question of every transport (procedures, streams, REST): may this caller do this here? */
import {
  isAllowedWhenSuspended,
  isInKeyScopes,
  judge,
  makesNew,
  type Action,
  type Grant,
  type Place,
} from '../../contract/policy.ts'
import { fail } from '../../errors.ts'
import type { Actor, Scope } from './actor.ts'

export interface Asked {
  readonly actor: Actor | undefined
  /** Where; undefined: there is no such place. Absent for what is the caller's own. */
  readonly scope?: Scope | undefined
  readonly action: Action
  /** What the request names, for the sentence: `team`, `deployment`… */
  readonly what: string
}

/**
 * The caller, who is allowed it. What the caller may not see answers exactly as what is not there.
 *
 * @throws {AppError} UNAUTHENTICATED, NOT_FOUND, FORBIDDEN, KEY_SCOPE_MISSING, ORG_SUSPENDED, PAYMENT_REQUIRED
 */
export function authorize({ actor, scope, action, what }: Asked): Actor {
  if (!actor) fail('UNAUTHENTICATED', {})
  const verdict = judge(grantsOf(actor), action, placeOf(scope))
  if (verdict === 'hidden') fail('NOT_FOUND', { what })
  if (verdict === 'refused') fail('FORBIDDEN', { action })
  if (actor.apiKey && !isInKeyScopes(actor.apiKey.scopes, action)) {
    fail('KEY_SCOPE_MISSING', { action })
  }
  if (scope) assertMayGoOn(scope, action)
  return actor
}

/** What the organisation is kept from, whoever asks. */
function assertMayGoOn({ isSuspended, isFrozen }: Scope, action: Action): void {
  if (isSuspended && !isAllowedWhenSuspended(action)) fail('ORG_SUSPENDED', {})
  if (isFrozen && makesNew(action)) fail('PAYMENT_REQUIRED', {})
}

const placeOf = (scope: Scope | undefined): Place =>
  scope ? { orgId: scope.orgId, ...(scope.teamId ? { teamId: scope.teamId } : {}) } : {}

/** What a caller was given. A key for one team gives nothing outside of it, however mighty its creator is. */
function grantsOf(actor: Actor): Grant[] {
  const teams = actor.teams.map(({ role, orgId, teamId }): Grant => ({ role, orgId, teamId }))
  const only = actor.apiKey?.teamId
  if (only) {
    const rulesTeams = actor.orgs.find(
      ({ orgId, role }) => orgId === actor.apiKey?.orgId && role !== 'org_member',
    )
    return rulesTeams ? [{ role: 'team_admin', orgId: rulesTeams.orgId, teamId: only }] : teams
  }
  const orgs = actor.orgs.map(({ role, orgId }): Grant => ({ role, orgId }))
  return [...orgs, ...teams, ...(actor.isPlatformAdmin ? [{ role: 'platform_admin' } as const] : [])]
}
