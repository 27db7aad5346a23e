import type { OrgId, TeamId, UserId } from '../../contract/ids.ts'
import type { TeamRole } from '../../contract/policy.ts'
import type { Db } from '../../ports/db/port.ts'

export interface TeamRow {
  readonly id: TeamId
  readonly name: string
  /** The asking user's own; null: no member. */
  readonly role: TeamRole | null
}

interface Asked {
  readonly orgId: OrgId
  readonly userId: UserId
  /** Only those in which the user has a role. */
  readonly onlyOwn: boolean
}

/** The teams of an organisation, the default one first, then by name. */
export async function listTeamRows(db: Db, { orgId, userId, onlyOwn }: Asked): Promise<TeamRow[]> {
  const rows = await db.prisma.team.findMany({
    where: { orgId, ...(onlyOwn ? { members: { some: { userId } } } : {}) },
    orderBy: [{ isDefault: 'desc' }, { name: 'asc' }],
    select: { id: true, name: true, members: { where: { userId }, select: { role: true } } },
  })
  return rows.map(({ id, name, members }) => ({ id: id as TeamId, name, role: members[0]?.role ?? null }))
}
