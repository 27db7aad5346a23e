import type { z } from 'zod'

import type { Deps } from '../deps.ts'
import { ActivityEntry, type ActivityPage, type ListActivity } from './activity-schema.ts'
import { cursorOf, positionOf } from './cursor.ts'
import { listActivityRows } from './store.ts'

/** What happened to a deployment, newest first. */
export async function listActivity(
  { db }: Pick<Deps, 'db'>,
  { id, cursor, limit }: z.output<typeof ListActivity>,
): Promise<z.output<typeof ActivityPage>> {
  const after = cursor === undefined ? undefined : positionOf(cursor)
  const rows = await listActivityRows(db, { deploymentId: id, after, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map((row) => ActivityEntry.parse({ ...row, at: row.at.toISOString() })),
    nextCursor: rows.length > limit && last ? cursorOf(last) : null,
  }
}
