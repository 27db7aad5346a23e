// Written by `npm run gen` from create-api-key.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type UserId, type OrgId, type TeamId, type ApiKeyId } from '../../src/contract/ids.ts'

/**
 * Makes an API key, with a row in the audit. Answers with no row when its organisation is suspended, or its creator is
 * not in it (any more).
 */
export const createApiKey = statement<
  { apiKeyId: ApiKeyId; name: string; prefix: string; keyHash: string; scopes: string[]; teamId: TeamId | null; now: Date; expiresAt: Date | null; createdById: UserId; orgId: OrgId; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; action: 'own-api-key:create' | 'team-api-key:create'; requestId: string | null; ip: string | null; userAgent: string | null },
  { apiKeyId: ApiKeyId | null; name: string | null; prefix: string | null; scopes: string[] | null; orgId: OrgId | null; orgName: string | null; teamId: TeamId | null; teamName: string | null; userId: UserId | null; userName: string | null; createdAt: Date; expiresAt: Date | null; lastUsedAt: Date | null }
>({
  name: 'create-api-key',
  text: `WITH made AS (
    INSERT INTO api_keys (id, name, prefix, key_hash, scopes, org_id, team_id, created_by_id, created_at, expires_at)
    SELECT $1, $2, $3, $4, $5::text[], o.id, $6::text, m.user_id, $7, $8::timestamptz
    FROM organizations o JOIN org_members m ON m.org_id = o.id AND m.user_id = $9
    WHERE o.id = $10 AND o.suspended_at IS NULL
        AND o.billing_stage NOT IN ('suspended', 'removing', 'removed')
    RETURNING id, name, prefix, scopes, org_id, team_id, created_by_id, created_at, expires_at
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, changes,
        request_id, ip, user_agent)
    SELECT $11, org_id, team_id, $12, $13, $14, $15, $16, id, name,
        jsonb_build_object(
            'scopes', jsonb_build_object('from', NULL, 'to', to_jsonb(scopes)),
            'expiresAt', jsonb_build_object('from', NULL, 'to', expires_at)
        ), $17, $18, $19
    FROM made
)
SELECT
    made.id AS api_key_id, made.name, made.prefix, made.scopes, made.org_id, o.name AS org_name, made.team_id,
    t.name AS team_name, u.id AS user_id, u.name AS user_name, made.created_at AS created_at, made.expires_at,
    NULL::timestamptz AS last_used_at
FROM made
    JOIN organizations o ON o.id = made.org_id
    JOIN users u ON u.id = made.created_by_id
    LEFT JOIN teams t ON t.id = made.team_id`,
  params: ['apiKeyId', 'name', 'prefix', 'keyHash', 'scopes', 'teamId', 'now', 'expiresAt', 'createdById', 'orgId', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'action', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['apiKeyId', 'name', 'prefix', 'scopes', 'orgId', 'orgName', 'teamId', 'teamName', 'userId', 'userName', 'createdAt', 'expiresAt', 'lastUsedAt'],
})
