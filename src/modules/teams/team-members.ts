import type { TeamId, UserId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import type { SetTeamMember, TeamMemberDone, TeamMemberView } from './schema.ts'
import {
  addTeamMemberRow,
  changeTeamRoleRow,
  isNoMember,
  listTeamMemberRows,
  removeTeamMemberRow,
} from './store.ts'

type Needed = Pick<Deps, 'db'>

export async function membersOfTeam({ db }: Needed, teamId: TeamId): Promise<TeamMemberView[]> {
  const rows = await listTeamMemberRows(db, teamId)
  return rows.map(({ createdAt, ...row }) => ({ ...row, joinedAt: createdAt.toISOString() }))
}

/**
 * Takes a member of the organisation into a team; one who is in it stays as they are.
 *
 * @throws {AppError} NOT_FOUND: no member of the organisation
 */
export async function addToTeam(
  { db }: Needed,
  caller: Caller,
  { teamId, userId, role }: SetTeamMember,
): Promise<TeamMemberDone> {
  const asked = { teamId, orgId: caller.scope.orgId, memberId: userId, role }
  await addTeamMemberRow(db, { ...auditOf(caller), ...asked }).catch((error: unknown) => {
    if (!isNoMember(error)) throw error
    return fail('NOT_FOUND', { what: 'member' }, { cause: error })
  })
  return { userId }
}

/** @throws {AppError} NOT_FOUND */
export async function changeTeamRole(
  { db }: Needed,
  caller: Caller,
  { teamId, userId, role }: SetTeamMember,
): Promise<TeamMemberDone> {
  const row = await changeTeamRoleRow(db, { ...auditOf(caller), teamId, memberId: userId, role })
  if (!row) fail('NOT_FOUND', { what: 'member' })
  return { userId }
}

/** @throws {AppError} NOT_FOUND */
export async function removeFromTeam(
  { db }: Needed,
  caller: Caller,
  { teamId, userId }: { teamId: TeamId; userId: UserId },
): Promise<TeamMemberDone> {
  const row = await removeTeamMemberRow(db, { ...auditOf(caller), teamId, memberId: userId })
  if (!row) fail('NOT_FOUND', { what: 'member' })
  return { userId }
}
