import type { OrgId } from '../../contract/ids.ts'
import type { Db } from '../../ports/db/port.ts'

export interface OrgRow {
  readonly slug: string
  readonly name: string
  readonly planId: string
  readonly deploymentsUsed: number
  readonly deploymentsLimit: number | null
  readonly membersUsed: number
  readonly membersLimit: number | null
  readonly suspendedAt: Date | null
  readonly createdAt: Date
  readonly plan: { readonly deploymentsLimit: number | null; readonly membersLimit: number | null }
}

export async function findOrg(db: Db, id: OrgId): Promise<OrgRow | undefined> {
  const row = await db.prisma.organization.findUnique({
    where: { id },
    select: {
      slug: true,
      name: true,
      planId: true,
      deploymentsUsed: true,
      deploymentsLimit: true,
      membersUsed: true,
      membersLimit: true,
      suspendedAt: true,
      createdAt: true,
      plan: { select: { deploymentsLimit: true, membersLimit: true } },
    },
  })
  return row ?? undefined
}
