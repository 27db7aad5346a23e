/** The audit of an organisation: every read names it. Rows are written with the changes that they tell of. */
import type { AuditEvent, Prisma } from '../../../prisma/dist/client.ts'
import { deleteAuditPastRetention } from '../../../prisma/sql/delete-audit-past-retention.generated.ts'
import type { OrgId } from '../../contract/ids.ts'
import type { Db } from '../../ports/db/port.ts'
import type { AuditFilter } from './schema.ts'

export type AuditRow = AuditEvent

interface Wanted {
  readonly orgId: OrgId
  readonly filter: AuditFilter
  /** The last row of the page before. */
  readonly after: { readonly at: Date; readonly id: string } | undefined
  readonly limit: number
}

/** Newest first. */
export const listAuditRows = async (db: Db, { orgId, filter, after, limit }: Wanted): Promise<AuditRow[]> =>
  db.prisma.auditEvent.findMany({
    where: { orgId, AND: [conditionsOf(filter), after ? olderThan(after) : {}] },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: limit,
  })

function conditionsOf({ actorId, action, targetId, from, to }: AuditFilter): Prisma.AuditEventWhereInput {
  return {
    ...(actorId === undefined ? {} : { OR: [{ actorId }, { onBehalfOfId: actorId }] }),
    ...(action === undefined ? {} : { action }),
    ...(targetId === undefined ? {} : { targetId }),
    at: {
      ...(from === undefined ? {} : { gte: new Date(from) }),
      ...(to === undefined ? {} : { lt: new Date(to) }),
    },
  }
}

const olderThan = ({ at, id }: { at: Date; id: string }): Prisma.AuditEventWhereInput => ({
  OR: [{ at: { lt: at } }, { at, id: { lt: id } }],
})

export const findAuditRow = async (db: Db, orgId: OrgId, id: string): Promise<AuditRow | null> =>
  db.prisma.auditEvent.findFirst({ where: { orgId, id } })

/** @returns how many were removed; none when another server is at it */
export async function removePastRetention(db: Db, now: Date, limit: number): Promise<number> {
  return (await db.one(deleteAuditPastRetention, { now, limit })).removed
}
