import type { z } from 'zod'

import { cursorOf, positionOf } from '../deployments/cursor.ts'
import type { Deps } from '../deps.ts'
import type { InboxEvent, InboxPage, ListInbox } from './inbox-schema.ts'
import { listEventRows } from './inbox-store.ts'

type Row = Awaited<ReturnType<typeof listEventRows>>[number]

/** Events of Stripe's, newest first, with what came of each. @throws {AppError} INVALID_INPUT for a strange cursor */
export async function listInbox(
  { db }: Pick<Deps, 'db'>,
  { which, cursor, limit }: z.output<typeof ListInbox>,
): Promise<z.input<typeof InboxPage>> {
  const after = cursor === undefined ? undefined : positionOf(cursor)
  const [afterAt, afterId] = [after?.at ?? null, after?.id ?? null]
  const rows = await listEventRows(db, { which, afterAt, afterId, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const { receivedAt: at = null, eventId: id = null } = (rows.length > limit && shown.at(-1)) || {}
  return {
    items: shown.flatMap((row) => eventOf(row) ?? []),
    nextCursor: at !== null && id !== null ? cursorOf({ at, id }) : null,
    waiting: rows[0]?.waiting ?? 0,
  }
}

/** Undefined for the row that tells only how many wait. */
function eventOf(row: Row): InboxEvent | undefined {
  const { eventId, type, createdAt, receivedAt, orgId, orgName } = row
  if (eventId === null || type === null || createdAt === null || receivedAt === null) return undefined
  return {
    id: eventId,
    type,
    customerId: row.customerId,
    org: orgId !== null && orgName !== null ? { id: orgId, name: orgName } : null,
    source: row.source === 'listed' ? 'listed' : 'webhook',
    happenedAt: createdAt.toISOString(),
    receivedAt: receivedAt.toISOString(),
    outcome: row.outcome,
    attempts: row.attempts ?? 0,
    error: row.error,
  }
}
