/** What the database knows of what is found elsewhere. */
import { findKnown } from '../../../prisma/sql/find-known.generated.ts'
import { listSettledDeployments } from '../../../prisma/sql/list-settled-deployments.generated.ts'
import { pushAgain } from '../../../prisma/sql/push-again.generated.ts'
import type { Db } from '../../ports/db/port.ts'
import type { ParamsOf, RowOf } from '../../ports/db/statement.ts'
import type { AuditParams } from '../access/audit.ts'

export type KnownRow = RowOf<typeof findKnown>
export type SettledRow = RowOf<typeof listSettledDeployments>

export const listKnown = async (db: Db, params: ParamsOf<typeof findKnown>): Promise<KnownRow[]> =>
  db.all(findKnown, params)

const PAGE = 500

/** Deployments that should be in the cluster and were not touched for so long. */
export async function* settledRows(db: Db, graceSeconds: number): AsyncGenerator<SettledRow, void> {
  let after: SettledRow['deploymentId'] | null = null
  for (;;) {
    const rows: SettledRow[] = await db.all(listSettledDeployments, { after, graceSeconds, limit: PAGE })
    yield* rows
    after = rows.at(-1)?.deploymentId ?? null
    if (rows.length < PAGE) return
  }
}

export const pushRowAgain = async (
  db: Db,
  params: ParamsOf<typeof pushAgain>,
): Promise<RowOf<typeof pushAgain> | undefined> => db.first(pushAgain, params)

interface Noted extends Omit<AuditParams, 'activityId'> {
  readonly targetId: string
  readonly targetName: string
  readonly detail: Record<string, string | null>
}

/** Written before what it tells of: a deletion that is not in the audit would be worse than one that failed. */
export async function noteRepair(db: Db, { auditId, ...rest }: Noted): Promise<void> {
  await db.prisma.auditEvent.create({ data: { id: auditId, action: 'garbage:repair', ...rest } })
}
