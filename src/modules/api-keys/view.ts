import { KeyView } from './schema.ts'
import type { KeyRow } from './store.ts'

export const viewOfKey = (row: KeyRow): KeyView =>
  KeyView.parse({
    id: row.apiKeyId,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    org: { id: row.orgId, name: row.orgName },
    team: row.teamId === null ? null : { id: row.teamId, name: row.teamName },
    createdBy: { id: row.userId, name: row.userName },
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  })
