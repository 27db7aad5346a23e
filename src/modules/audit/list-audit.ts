import type { z } from 'zod'

import type { OrgId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import { cursorOf, positionOf } from '../deployments/cursor.ts'
import type { Deps } from '../deps.ts'
import { AuditEntry, type AuditFilter, type AuditPage, type GetAudit, type ListAudit } from './schema.ts'
import { findAuditRow, listAuditRows, type AuditRow } from './store.ts'

type Needed = Pick<Deps, 'db'>

/** What happened in an organisation, newest first. */
export async function listAudit(
  { db }: Needed,
  { orgId, cursor, limit, ...filter }: z.output<typeof ListAudit>,
): Promise<z.output<typeof AuditPage>> {
  const after = cursor === undefined ? undefined : positionOf(cursor)
  const rows = await listAuditRows(db, { orgId, filter, after, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(entryOf), nextCursor: rows.length > limit && last ? cursorOf(last) : null }
}

/** @throws {AppError} NOT_FOUND, also for an event of another organisation */
export async function getAudit(
  { db }: Needed,
  { orgId, auditId }: z.output<typeof GetAudit>,
): Promise<AuditEntry> {
  return entryOf((await findAuditRow(db, orgId, auditId)) ?? fail('NOT_FOUND', { what: 'audit event' }))
}

const EXPORT_PAGE = 500

interface Exporting {
  readonly orgId: OrgId
  readonly filter: AuditFilter
  /** Throws when the reader may no longer: an export takes a while. */
  readonly recheck: () => Promise<void>
}

/** All of it, a page at a time, so that neither side holds more. */
export async function* exportAudit(
  { db }: Needed,
  { orgId, filter, recheck }: Exporting,
): AsyncGenerator<AuditEntry[], void> {
  let after: AuditRow | undefined
  for (;;) {
    const rows: AuditRow[] = await listAuditRows(db, { orgId, filter, after, limit: EXPORT_PAGE })
    yield rows.map(entryOf)
    if (rows.length < EXPORT_PAGE) return
    after = rows.at(-1)
    await recheck()
  }
}

const entryOf = ({ at, actorKind, actorId, actorName, ...row }: AuditRow): AuditEntry =>
  AuditEntry.parse({
    ...row,
    at: at.toISOString(),
    actor: { kind: actorKind, id: actorId, name: actorName },
  })
