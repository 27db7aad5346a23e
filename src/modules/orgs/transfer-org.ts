import type { UserId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import type { OrgDone } from './schema.ts'
import { isHeirGone, transferOrgRow } from './store.ts'

/**
 * Hands an organisation to another member; who did so is an administrator afterwards. Of many at the same moment one
 * comes through.
 *
 * @throws {AppError} NOT_FOUND when the heir is no (other) member, CONFLICT when the caller is its owner no more
 */
export async function transferOrg(
  { db }: Pick<Deps, 'db'>,
  caller: Caller,
  heirId: UserId,
): Promise<OrgDone> {
  const { orgId } = caller.scope
  const outcome = await outcomeOf(db, caller, heirId)
  if (outcome === 'no_such_member') fail('NOT_FOUND', { what: 'member' })
  if (outcome === 'not_owner') fail('CONFLICT', { what: 'organisation' }, { because: 'it has another owner' })
  return { id: orgId }
}

async function outcomeOf(db: Deps['db'], caller: Caller, heirId: UserId) {
  try {
    const asked = { orgId: caller.scope.orgId, ownerId: caller.actor.userId, heirId }
    return (await transferOrgRow(db, { ...auditOf(caller), ...asked })).outcome
  } catch (error) {
    if (isHeirGone(error)) return 'no_such_member'
    throw error
  }
}
