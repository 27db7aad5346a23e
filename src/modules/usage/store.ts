/** The ledger of usage and its meters. Hours are only ever added. */
import { grantCredit } from '../../../prisma/sql/grant-credit.generated.ts'
import { findMeter } from '../../../prisma/sql/find-meter.generated.ts'
import { listBudgets } from '../../../prisma/sql/list-budgets.generated.ts'
import { listCreditMonths as listCreditMonthsStatement } from '../../../prisma/sql/list-credit-months.generated.ts'
import { listDueMeters } from '../../../prisma/sql/list-due-meters.generated.ts'
import { listUsageHours } from '../../../prisma/sql/list-usage-hours.generated.ts'
import { meterUsage } from '../../../prisma/sql/meter-usage.generated.ts'
import { setBudget } from '../../../prisma/sql/set-budget.generated.ts'
import { stopForBudget } from '../../../prisma/sql/stop-for-budget.generated.ts'
import { sumUsageByDay } from '../../../prisma/sql/sum-usage-by-day.generated.ts'
import { sumUsageByDeployment } from '../../../prisma/sql/sum-usage-by-deployment.generated.ts'
import { useCredit } from '../../../prisma/sql/use-credit.generated.ts'
import { warnOfBudget } from '../../../prisma/sql/warn-of-budget.generated.ts'
import type { DeploymentId, OrgId } from '../../contract/ids.ts'
import type { Db } from '../../ports/db/port.ts'
import type { ParamsOf, RowOf } from '../../ports/db/statement.ts'
import type { Folded, Meter } from './fold-usage.ts'

export type MeterRow = RowOf<typeof findMeter>
export type DueRow = RowOf<typeof listDueMeters>

const PAGE = 500

interface Due {
  readonly until: Date
  /** Of all organisations where none are named. */
  readonly orgIds?: readonly OrgId[]
}

/** Deployments that are not metered until then, by id. */
export async function* dueRows(db: Db, { until, orgIds }: Due): AsyncGenerator<DueRow, void> {
  let after: DeploymentId | null = null
  const named = orgIds ? [...orgIds] : null
  for (;;) {
    const rows: DueRow[] = await db.all(listDueMeters, { after, until, orgIds: named, limit: PAGE })
    yield* rows
    after = rows.at(-1)?.deploymentId ?? null
    if (rows.length < PAGE) return
  }
}

/** Undefined: it is closed already, or there is no such deployment. */
export const findOpenMeter = async (db: Db, deploymentId: DeploymentId): Promise<MeterRow | undefined> =>
  db.first(findMeter, { deploymentId })

export function meterOf(row: MeterRow): Meter | undefined {
  if (row.resourceUid === null || row.meteredUntil === null) return undefined
  return {
    resourceUid: row.resourceUid,
    untilMs: row.meteredUntil.getTime(),
    totals: {
      cpu: row.cpuMilliSeconds ?? 0,
      memory: row.memoryMibSeconds ?? 0,
      storage: row.storageMibSeconds ?? 0,
    },
  }
}

/** @returns whether it was this call that moved the meter */
export async function enterUsage(
  db: Db,
  row: MeterRow,
  { meter, hours, closedAt }: Folded & { readonly closedAt?: Date },
): Promise<boolean> {
  const { deploymentId, orgId, teamId, displayName } = row
  const moved = await db.first(meterUsage, {
    ...{ deploymentId, orgId, teamId, displayName },
    resourceUid: meter.resourceUid,
    until: new Date(meter.untilMs),
    ...meter.totals,
    closedAt: closedAt ?? null,
    expectedUntil: row.meteredUntil,
    expectedUid: row.resourceUid,
    hours: hours.map(({ hour }) => hour),
    cpus: hours.map(({ cpu }) => cpu),
    memories: hours.map(({ memory }) => memory),
    storages: hours.map(({ storage }) => storage),
  })
  return moved !== undefined
}

interface Span {
  readonly orgId: OrgId
  readonly from: Date
  readonly to: Date
  /** Null: all. */
  readonly teamIds: string[] | null
}

export const sumByDay = async (db: Db, span: Span): Promise<RowOf<typeof sumUsageByDay>[]> =>
  db.all(sumUsageByDay, span)

export const sumByDeployment = async (db: Db, span: Span): Promise<RowOf<typeof sumUsageByDeployment>[]> =>
  db.all(sumUsageByDeployment, span)

export type HourRow = RowOf<typeof listUsageHours>

export const HOURS_PAGE = 1_000

export const listHours = async (db: Db, span: Span, after: HourRow | undefined): Promise<HourRow[]> =>
  db.all(listUsageHours, {
    ...span,
    afterHour: after?.hour ?? null,
    afterId: after?.deploymentId ?? null,
    limit: HOURS_PAGE,
  })

export type BudgetRow = RowOf<typeof listBudgets>

export const listBudgetRows = async (db: Db, params: ParamsOf<typeof listBudgets>): Promise<BudgetRow[]> =>
  db.all(listBudgets, params)

export const setBudgetRow = async (
  db: Db,
  params: ParamsOf<typeof setBudget>,
): Promise<RowOf<typeof setBudget> | undefined> => db.first(setBudget, params)

export const stopRow = async (
  db: Db,
  params: ParamsOf<typeof stopForBudget>,
): Promise<RowOf<typeof stopForBudget> | undefined> => db.first(stopForBudget, params)

export const warnRow = async (
  db: Db,
  params: ParamsOf<typeof warnOfBudget>,
): Promise<RowOf<typeof warnOfBudget> | undefined> => db.first(warnOfBudget, params)

export const listCreditMonths = async (
  db: Db,
  params: ParamsOf<typeof listCreditMonthsStatement>,
): Promise<RowOf<typeof listCreditMonthsStatement>[]> => db.all(listCreditMonthsStatement, params)

/** @returns whether there is such an organisation */
export const grantCreditRow = async (db: Db, params: ParamsOf<typeof grantCredit>): Promise<boolean> =>
  (await db.first(grantCredit, params)) !== undefined

/** @returns whether it was this call that entered it */
export const useCreditRow = async (db: Db, params: ParamsOf<typeof useCredit>): Promise<boolean> =>
  (await db.first(useCredit, params)) !== undefined

const ENTRIES_SHOWN = 100

interface CreditEntry {
  readonly id: string
  readonly amountCents: number
  readonly month: string | null
  readonly reason: string
  readonly createdAt: Date
}

/** Newest first, without months that took nothing. */
export const listCreditEntries = async (db: Db, orgId: OrgId): Promise<CreditEntry[]> =>
  db.prisma.creditEntry.findMany({
    where: { orgId, amountCents: { not: 0 } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: ENTRIES_SHOWN,
  })

/** Whom to write to about an organisation; nobody when it is gone. */
export async function findOwner(
  db: Db,
  orgId: OrgId,
): Promise<{ email: string; orgName: string } | undefined> {
  const found = await db.prisma.orgMember.findFirst({
    where: { orgId, role: 'org_owner' },
    select: { user: { select: { email: true } }, org: { select: { name: true } } },
  })
  return found ? { email: found.user.email, orgName: found.org.name } : undefined
}
