import type { UserId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import type { OrgDone } from '../orgs/schema.ts'
import { tellDeployments } from './kept-deployments.ts'
import type { HandedOver, HandOver, MemberDone, RemoveMember } from './schema.ts'
import { handOverRows, removeMemberRow } from './store.ts'

type Needed = Pick<Deps, 'db'>

/**
 * Takes a member out of the organisation, with all keys, team roles and open invitations. Deployments that the member
 * answers for pass to `moveTo` by the same statement, and go on running where they are.
 *
 * @throws {AppError} NOT_FOUND, OWNER_STAYS, NEW_OWNER_NEEDED with the deployments that are in the way
 */
export async function removeMember(
  deps: Needed,
  caller: Caller,
  { userId, moveTo }: RemoveMember,
): Promise<MemberDone> {
  await remove(deps, caller, { memberId: userId, newKeeperId: moveTo ?? null, action: 'org-member:remove' })
  return { userId }
}

/** The caller's own way out. @throws {AppError} OWNER_STAYS, NEW_OWNER_NEEDED */
export async function leaveOrg(deps: Needed, caller: Caller): Promise<OrgDone> {
  await remove(deps, caller, { memberId: caller.actor.userId, newKeeperId: null, action: 'org:leave' })
  return { id: caller.scope.orgId }
}

interface Removal {
  readonly memberId: UserId
  readonly newKeeperId: UserId | null
  readonly action: 'org-member:remove' | 'org:leave'
}

async function remove({ db }: Needed, caller: Caller, removal: Removal): Promise<void> {
  const { orgId } = caller.scope
  const row = await removeMemberRow(db, { ...auditOf(caller), orgId, ...removal })
  const outcome = row?.outcome ?? 'has_deployments'
  if (outcome === 'removed') return
  if (outcome === 'is_owner') fail('OWNER_STAYS', {})
  if (outcome === 'has_deployments') {
    fail('NEW_OWNER_NEEDED', { deployments: await tellDeployments(db, { orgId, userId: removal.memberId }) })
  }
  fail('NOT_FOUND', { what: outcome === 'no_such_keeper' ? 'member to move them to' : 'member' })
}

/**
 * Makes another member answer for all deployments of one, who stays. @throws {AppError} NOT_FOUND
 */
export async function handOver(
  { db }: Needed,
  caller: Caller,
  { userId, moveTo }: HandOver,
): Promise<HandedOver> {
  const asked = { orgId: caller.scope.orgId, memberId: userId, newKeeperId: moveTo }
  const row = await handOverRows(db, { ...auditOf(caller), ...asked })
  if (row?.outcome === 'no_such_member') fail('NOT_FOUND', { what: 'member' })
  if (row?.outcome !== 'handed_over') fail('NOT_FOUND', { what: 'member to move them to' })
  return { userId, deployments: row.deployments }
}
