/** Who is in an organisation, and which deployments each member answers for. */
import { changeMemberRole } from '../../../prisma/sql/change-member-role.generated.ts'
import { handOverDeployments } from '../../../prisma/sql/hand-over-deployments.generated.ts'
import { listMembers } from '../../../prisma/sql/list-members.generated.ts'
import { removeMember } from '../../../prisma/sql/remove-member.generated.ts'
import type { OrgId, TeamId, UserId } from '../../contract/ids.ts'
import { isConstraintError } from '../../ports/db/errors.ts'
import type { Db } from '../../ports/db/port.ts'
import { repeatOn } from '../../ports/db/repeat-on.ts'
import type { ParamsOf, RowOf } from '../../ports/db/statement.ts'

export type MemberRow = RowOf<typeof listMembers>

export const listMemberRows = async (db: Db, params: ParamsOf<typeof listMembers>): Promise<MemberRow[]> =>
  db.all(listMembers, params)

export const changeMemberRoleRow = async (
  db: Db,
  params: ParamsOf<typeof changeMemberRole>,
): Promise<RowOf<typeof changeMemberRole>> => db.one(changeMemberRole, params)

/** Somebody has no place in the organisation (any more) who is to answer for a deployment. */
const KEEPER = 'deployments_org_id_keeper_id_fkey'

/** The member has made a deployment at the same moment, or the new keeper has left: undefined when twice in a row. */
export async function removeMemberRow(
  db: Db,
  params: ParamsOf<typeof removeMember>,
): Promise<RowOf<typeof removeMember> | undefined> {
  try {
    return await repeatOn([KEEPER], async () => db.one(removeMember, params))
  } catch (error) {
    if (isConstraintError(error, KEEPER)) return undefined
    throw error
  }
}

/** Undefined: the new keeper has just left. */
export async function handOverRows(
  db: Db,
  params: ParamsOf<typeof handOverDeployments>,
): Promise<RowOf<typeof handOverDeployments> | undefined> {
  try {
    return await db.one(handOverDeployments, params)
  } catch (error) {
    if (isConstraintError(error, KEEPER)) return undefined
    throw error
  }
}

export interface Holder {
  readonly orgId: OrgId
  readonly teamId?: TeamId
  readonly userId?: UserId
}

export interface Kept {
  readonly name: string
  readonly isDeleting: boolean
}

/** Deployments of an organisation that are there, or those of a team or a member of it. */
export async function listKept(db: Db, { orgId, teamId, userId }: Holder, limit: number): Promise<Kept[]> {
  const rows = await db.prisma.deployment.findMany({
    where: {
      orgId,
      removedAt: null,
      ...(teamId === undefined ? {} : { teamId }),
      ...(userId === undefined ? {} : { keeperId: userId }),
    },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: limit,
    select: { displayName: true, deletedAt: true },
  })
  return rows.map(({ displayName, deletedAt }) => ({ name: displayName, isDeleting: deletedAt !== null }))
}
