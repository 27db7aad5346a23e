// Written by `npm run gen` from revoke-api-key.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type UserId, type OrgId, type TeamId, type ApiKeyId } from '../../src/contract/ids.ts'

/**
 * Ends an API key at once, with a row in the audit. Which keys one may end is said by the place: those that one made,
 * those of a team, those of an organisation. Answers with no row when there is no such key there, or none any more.
 */
export const revokeApiKey = statement<
  { now: Date; apiKeyId: ApiKeyId; ofUserId: UserId | null; ofTeamId: TeamId | null; ofOrgId: OrgId | null; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; action: 'own-api-key:revoke' | 'team-api-key:revoke' | 'api-key:revoke-any'; requestId: string | null; ip: string | null; userAgent: string | null },
  { apiKeyId: ApiKeyId }
>({
  name: 'revoke-api-key',
  text: `WITH revoked AS (
    UPDATE api_keys SET revoked_at = $1
    WHERE id = $2 AND revoked_at IS NULL
        AND (created_by_id = $3::text OR team_id = $4::text OR org_id = $5::text)
    RETURNING id, name, org_id, team_id
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, changes,
        request_id, ip, user_agent)
    SELECT $6, org_id, team_id, $7, $8, $9, $10, $11, id, name,
        jsonb_build_object('isRevoked', jsonb_build_object('from', false, 'to', true)), $12, $13, $14
    FROM revoked
)
SELECT id AS api_key_id FROM revoked`,
  params: ['now', 'apiKeyId', 'ofUserId', 'ofTeamId', 'ofOrgId', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'action', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['apiKeyId'],
})
