/** API keys: every statement names whose they are. */
import { createApiKey } from '../../../prisma/sql/create-api-key.generated.ts'
import { listApiKeys } from '../../../prisma/sql/list-api-keys.generated.ts'
import { revokeApiKey } from '../../../prisma/sql/revoke-api-key.generated.ts'
import type { OrgId, TeamId, UserId } from '../../contract/ids.ts'
import type { Db } from '../../ports/db/port.ts'
import type { ParamsOf, RowOf } from '../../ports/db/statement.ts'

export type NewKeyRow = ParamsOf<typeof createApiKey>

/** Undefined: the organisation is suspended, or its creator has left it. */
export const insertKey = async (db: Db, row: NewKeyRow): Promise<RowOf<typeof createApiKey> | undefined> =>
  db.first(createApiKey, row)

/** Undefined: there is no such key in that place. */
export const revokeKeyRow = async (
  db: Db,
  params: ParamsOf<typeof revokeApiKey>,
): Promise<RowOf<typeof revokeApiKey> | undefined> => db.first(revokeApiKey, params)

/** Whose keys. */
export type KeyPlace =
  | { readonly ofUserId: UserId }
  | { readonly ofTeamId: TeamId }
  | { readonly ofOrgId: OrgId }

export const NO_PLACE = { ofUserId: null, ofTeamId: null, ofOrgId: null } as const

export type KeyRow = RowOf<typeof listApiKeys>

/** More are not made by hand, and the newest come first. */
const MOST = 500

/** Those that are not revoked, newest first. */
export const listKeyRows = async (db: Db, place: KeyPlace): Promise<KeyRow[]> =>
  db.all(listApiKeys, { ...NO_PLACE, ...place, limit: MOST })
