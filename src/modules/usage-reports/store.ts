/** What of usage was told to Stripe. */
import { enterUsageReport } from '../../../prisma/sql/enter-usage-report.generated.ts'
import { listReportableUsage } from '../../../prisma/sql/list-reportable-usage.generated.ts'
import type { OrgId } from '../../contract/ids.ts'
import type { Db } from '../../ports/db/port.ts'
import type { ParamsOf, RowOf } from '../../ports/db/statement.ts'

export const listReportable = async (
  db: Db,
  params: ParamsOf<typeof listReportableUsage>,
): Promise<RowOf<typeof listReportableUsage>[]> => db.all(listReportableUsage, params)

/** @returns whether it was this call that entered it */
export const enterReport = async (db: Db, params: ParamsOf<typeof enterUsageReport>): Promise<boolean> =>
  (await db.first(enterUsageReport, params)) !== undefined

const AT_ONCE = 200

export interface Report {
  readonly orgId: OrgId
  readonly month: string
  readonly ordinal: number
  readonly customerId: string
  readonly cents: number
  readonly usedAt: Date
}

/** Those that wait longest first. */
export async function listUnsent(db: Db, now: Date): Promise<Report[]> {
  const rows = await db.prisma.usageReport.findMany({
    where: { sentAt: null, tryAfter: { lte: now } },
    orderBy: { tryAfter: 'asc' },
    take: AT_ONCE,
  })
  return rows.map((row) => ({ ...row, orgId: row.orgId as OrgId }))
}

type Told = Pick<Report, 'orgId' | 'month' | 'ordinal'> & { at: Date }

export const markSent = async (db: Db, { orgId, month, ordinal, at: sentAt }: Told): Promise<void> =>
  void (await db.prisma.usageReport.updateMany({ where: { orgId, month, ordinal }, data: { sentAt } }))

/** Until then it keeps nobody else waiting. */
export const tryAgain = async (db: Db, { orgId, month, ordinal, at: tryAfter }: Told): Promise<void> =>
  void (await db.prisma.usageReport.updateMany({ where: { orgId, month, ordinal }, data: { tryAfter } }))
