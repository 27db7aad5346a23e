/** What is compared, and the newest comparisons. */
import { randomUUID } from 'node:crypto'

import { keepComparison } from '../../../prisma/sql/keep-comparison.generated.ts'
import { listComparedOrgs } from '../../../prisma/sql/list-compared-orgs.generated.ts'
import { lockOrg } from '../../../prisma/sql/lock-org.generated.ts'
import { recountOrg } from '../../../prisma/sql/recount-org.generated.ts'
import { repushOrg } from '../../../prisma/sql/repush-org.generated.ts'
import type { OrgId } from '../../contract/ids.ts'
import type { Db } from '../../ports/db/port.ts'
import type { AuditParams } from '../access/audit.ts'
import type { ComparedOrg } from './compare.ts'
import type { Comparison } from './schema.ts'

export const comparedOrgs = async (db: Db): Promise<ComparedOrg[]> => db.all(listComparedOrgs, {})

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

type Asked = Omit<AuditParams, 'activityId'>

/** Nobody asked: it was time. */
const UNASKED = {
  actorKind: 'system',
  actorId: null,
  actorName: 'Shipyard',
  onBehalfOfId: null,
  requestId: null,
  ip: null,
  userAgent: null,
  auditId: null,
} as const

export async function keep(db: Db, report: Comparison, asked: Asked | undefined): Promise<void> {
  await db.one(keepComparison, {
    ...(asked ?? UNASKED),
    ...{ id: randomUUID(), takenAt: new Date(report.takenAt), report, kept: KEPT },
    differences: report.differences.length,
  })
}

export async function lastReport(db: Db): Promise<unknown> {
  return (await db.prisma.comparison.findFirst({ orderBy: { takenAt: 'desc' } }))?.report
}

interface Noted extends Omit<AuditParams, 'activityId'> {
  readonly orgId?: OrgId
  readonly targetId: string
  readonly targetName: string
  readonly detail: Record<string, string>
}

/** A repair is written down before it is made: one that is not in the audit would be worse than one that failed. */
export async function note(db: Db, { auditId, ...rest }: Noted): Promise<void> {
  await db.prisma.auditEvent.create({ data: { id: auditId, action: 'billing:repair', ...rest } })
}
