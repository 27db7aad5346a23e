/** The ledger of usage and its meters. Hours are only ever added. */
import { findMeter } from '../../../prisma/sql/find-meter.generated.ts'
import { listDueMeters } from '../../../prisma/sql/list-due-meters.generated.ts'
import { meterUsage } from '../../../prisma/sql/meter-usage.generated.ts'
import type { DeploymentId } from '../../contract/ids.ts'
import type { Db } from '../../ports/db/port.ts'
import type { RowOf } from '../../ports/db/statement.ts'
import type { Folded, Meter } from './fold-usage.ts'

export type MeterRow = RowOf<typeof findMeter>
export type DueRow = RowOf<typeof listDueMeters>

const PAGE = 500

/** Deployments that are not metered until then, by id. */
export async function* dueRows(db: Db, until: Date): AsyncGenerator<DueRow, void> {
  let after: DeploymentId | null = null
  for (;;) {
    const rows: DueRow[] = await db.all(listDueMeters, { after, until, limit: PAGE })
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
