import type { ApiKeyId, OrgId, TeamId, UserId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import { NO_PLACE, revokeKeyRow } from './store.ts'

/** Among whose keys it is looked for. */
type Among =
  | { readonly action: 'own-api-key:revoke'; readonly ofUserId: UserId }
  | { readonly action: 'team-api-key:revoke'; readonly ofTeamId: TeamId }
  | { readonly action: 'api-key:revoke-any'; readonly ofOrgId: OrgId }

/** Ends a key at once: the next request with it is refused. @throws {AppError} NOT_FOUND */
export async function revokeKey(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  by: Omit<Caller, 'scope'>,
  { keyId, ...among }: Among & { readonly keyId: ApiKeyId },
): Promise<{ id: ApiKeyId }> {
  const { activityId: _, ...audit } = auditOf(by)
  const row = await revokeKeyRow(db, {
    ...NO_PLACE,
    ...audit,
    ...among,
    apiKeyId: keyId,
    now: new Date(clock.nowMs()),
  })
  return { id: (row ?? fail('NOT_FOUND', { what: 'API key' })).apiKeyId }
}
