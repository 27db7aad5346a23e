import { newId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import { limitReached } from '../billing/limit-reached.ts'
import type { Deps } from '../deps.ts'
import type { TeamChanged } from './schema.ts'
import { insertTeam, isNoMember, isTeamNameTaken } from './store.ts'

/** A team with the caller as its administrator. @throws {AppError} NOT_FOUND, NAME_TAKEN, TIER_LIMIT_REACHED */
export async function createTeam(
  { db, settings }: Pick<Deps, 'db' | 'settings'>,
  caller: Caller,
  name: string,
): Promise<TeamChanged> {
  const id = newId('team')
  const asked = {
    ...auditOf(caller),
    ...{ orgId: caller.scope.orgId, teamId: id, teamName: name, userId: caller.actor.userId },
    enforceLimit: settings.isBillingEnabled,
  }
  const row = await insertTeam(db, asked).catch((error: unknown) => {
    // Whoever has left the organisation since it was asked who calls has none to make a team in.
    if (isNoMember(error)) fail('NOT_FOUND', { what: 'organisation' }, { cause: error })
    if (!isTeamNameTaken(error)) throw error
    return fail('NAME_TAKEN', { what: 'team', name }, { cause: error })
  })
  if (row.outcome === 'payment_required') fail('PAYMENT_REQUIRED', {})
  if (row.outcome === 'no_such_org') fail('NOT_FOUND', { what: 'organisation' })
  if (row.outcome === 'limit_reached') {
    const { teamsUsed: used, teamsLimit: limit, planId } = row
    throw limitReached(settings, { what: 'teams', planId, used, limit })
  }
  return { id, name }
}
