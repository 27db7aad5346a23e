import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import type { ChangeMemberRole, MemberDone } from './schema.ts'
import { changeMemberRoleRow } from './store.ts'

/** @throws {AppError} NOT_FOUND, OWNER_STAYS */
export async function changeMemberRole(
  { db }: Pick<Deps, 'db'>,
  caller: Caller,
  { userId, role }: ChangeMemberRole,
): Promise<MemberDone> {
  const asked = { orgId: caller.scope.orgId, memberId: userId, role }
  const { outcome } = await changeMemberRoleRow(db, { ...auditOf(caller), ...asked })
  if (outcome === 'no_such_member') fail('NOT_FOUND', { what: 'member' })
  if (outcome === 'is_owner') fail('OWNER_STAYS', {})
  return { userId }
}
