import type { z } from 'zod'

import { cursorOf, positionOf } from '../deployments/cursor.ts'
import type { Deps } from '../deps.ts'
import type { InboxEvent, InboxPage, ListInbox } from './schema.ts'
import { listEventRows } from './store.ts'

type Row = Awaited<ReturnType<typeof listEventRows>>[number]

/** Events of Stripe's, newest first, with what came of each. @throws {AppError} INVALID_INPUT for a strange cursor */
export async function listInbox(
  { db }: Pick<Deps, 'db'>,
  { which, cursor, limit }: z.output<typeof ListInbox>,
): Promise<z.input<typeof InboxPage>> {
  const rows = await listEventRows(db, { which, ...afterOf(cursor), limit: limit + 1 })
  const shown = rows.slice(0, limit)
  return {
    items: shown.flatMap((row) => eventOf(row) ?? []),
    nextCursor: rows.length > limit ? cursorAfter(shown.at(-1)) : null,
    waiting: rows[0]?.waiting ?? 0,
  }
}

function afterOf(cursor: string | undefined) {
  if (cursor === undefined) return { afterAt: null, afterId: null }
  const { at: afterAt, id: afterId } = positionOf(cursor)
  return { afterAt, afterId }
}

function cursorAfter(row: Row | undefined): string | null {
  if (!row?.receivedAt || row.eventId === null) return null
  return cursorOf({ at: row.receivedAt, id: row.eventId })
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
