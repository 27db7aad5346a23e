import type { z } from 'zod'

import { cursorOf, positionOf } from '../deployments/cursor.ts'
import type { Deps } from '../deps.ts'
import type { AnyOrg, AnyOrgPage, ListAllOrgs } from './schema.ts'
import { listAllOrgRows, type AnyOrgRow } from './store.ts'

/** Every organisation of the installation, newest first. @throws {AppError} INVALID_INPUT for a strange cursor */
export async function listAllOrgs(
  { db }: Pick<Deps, 'db'>,
  { search, which, cursor, limit }: z.output<typeof ListAllOrgs>,
): Promise<z.output<typeof AnyOrgPage>> {
  const after = cursor === undefined ? undefined : positionOf(cursor)
  const rows = await listAllOrgRows(db, {
    ...{ search: search ?? null, which, limit: limit + 1 },
    ...{ afterAt: after?.at ?? null, afterId: after?.id ?? null },
  })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(viewOf),
    nextCursor: rows.length > limit && last ? cursorOf({ at: last.createdAt, id: last.orgId }) : null,
  }
}

function viewOf({ orgId: id, slug, name, ownerId, ownerName, ownerEmail, ...row }: AnyOrgRow): AnyOrg {
  return {
    ...{ id, slug, name },
    plan: { id: row.plan, name: row.planName },
    owner: { id: ownerId, name: ownerName, email: ownerEmail },
    deployments: row.deploymentsUsed,
    members: row.membersUsed,
    suspendedAt: row.suspendedAt?.toISOString() ?? null,
    suspendedReason: row.suspendedReason,
    createdAt: row.createdAt.toISOString(),
  }
}
