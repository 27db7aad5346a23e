import type { z } from 'zod'

import type { Deps } from '../deps.ts'
import { RevisionSpec } from './revision-spec.ts'
import type { ListRevisions, RevisionPage, RevisionSummary } from './revision-schema.ts'
import { listRevisionRows, type RevisionRow } from './store.ts'

/** What a deployment was, newest first. */
export async function listRevisions(
  { db }: Pick<Deps, 'db'>,
  { id, cursor, limit }: ListRevisions,
): Promise<z.output<typeof RevisionPage>> {
  const rows = await listRevisionRows(db, { deploymentId: id, below: cursor, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  return {
    items: shown.map(summaryOf),
    nextCursor: rows.length > limit ? (shown.at(-1)?.number ?? null) : null,
  }
}

function summaryOf({ spec, createdAt, ...row }: RevisionRow): RevisionSummary {
  const { services } = RevisionSpec.parse(spec)
  return {
    ...row,
    createdAt: createdAt.toISOString(),
    services: services.map(({ name, image, replicas }) => ({ name, image, replicas: replicas ?? null })),
  }
}
