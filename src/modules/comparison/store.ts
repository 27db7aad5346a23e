/** What is compared, and the newest comparisons. */
import { randomUUID } from 'node:crypto'

import { checkCounters } from '../../../prisma/sql/check-counters.generated.ts'
import { listComparedOrgs } from '../../../prisma/sql/list-compared-orgs.generated.ts'
import { lockOrg } from '../../../prisma/sql/lock-org.generated.ts'
import { recountOrg } from '../../../prisma/sql/recount-org.generated.ts'
import { repushOrg } from '../../../prisma/sql/repush-org.generated.ts'
import type { OrgId } from '../../contract/ids.ts'
import type { Db } from '../../ports/db/port.ts'
import type { AuditParams } from '../access/audit.ts'
import type { ComparedOrg, Miscounted } from './compare.ts'
import type { Comparison } from './schema.ts'

export const comparedOrgs = async (db: Db): Promise<ComparedOrg[]> => db.all(listComparedOrgs, {})

export async function miscountedOrgs(db: Db): Promise<Miscounted[]> {
  const rows = await db.all(checkCounters, {})
  return rows.map(({ orgId, ...row }) => {
    const pairs = [
      ['deployments', row.deploymentsUsed, row.deploymentsCounted],
      ['members', row.membersUsed, row.membersCounted],
      ['teams', row.teamsUsed, row.teamsCounted],
      ['host names', row.domainsUsed, row.domainsCounted],
    ] as const
    const wrong = pairs.filter(([, used, counted]) => used !== counted)
    return {
      orgId,
      detail: wrong.map(([what, used, counted]) => `${what}: ${used}, counted ${counted}`).join('; '),
    }
  })
}

/** @returns whether there is such an organisation */
export const recount = async (db: Db, orgId: OrgId): Promise<boolean> =>
  db.withTx(async (tx) => {
    if (!(await tx.first(lockOrg, { orgId }))) return false
    return (await tx.first(recountOrg, { orgId })) !== undefined
  })

/** @returns how many will be written */
export const repushAll = async (db: Db, orgId: OrgId): Promise<number> =>
  (await db.all(repushOrg, { orgId })).length

const KEPT = 30

export async function keepComparison(db: Db, report: Comparison): Promise<void> {
  const takenAt = new Date(report.takenAt)
  await db.prisma.comparison.create({ data: { id: randomUUID(), takenAt, report } })
  const oldest = await db.prisma.comparison.findFirst({ orderBy: { takenAt: 'desc' }, skip: KEPT })
  if (oldest) await db.prisma.comparison.deleteMany({ where: { takenAt: { lte: oldest.takenAt } } })
}

export async function lastReport(db: Db): Promise<unknown> {
  return (await db.prisma.comparison.findFirst({ orderBy: { takenAt: 'desc' } }))?.report
}

interface Noted extends Omit<AuditParams, 'activityId'> {
  readonly action: 'billing:compare' | 'billing:repair'
  readonly orgId?: OrgId
  readonly targetId: string
  readonly targetName: string
  readonly detail: Record<string, string | number>
}

/** A repair is written down before it is made: one that is not in the audit would be worse than one that failed. */
export async function note(db: Db, { auditId, ...rest }: Noted): Promise<void> {
  await db.prisma.auditEvent.create({ data: { id: auditId, ...rest } })
}
