// Written by `npm run gen` from list-api-keys.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type UserId, type OrgId, type TeamId, type ApiKeyId } from '../../src/contract/ids.ts'

/**
 * The API keys of a place that are not revoked, newest first: those that somebody made, those of a team, those of an
 * organisation.
 */
export const listApiKeys = statement<
  { ofUserId: UserId | null; ofTeamId: TeamId | null; ofOrgId: OrgId | null; limit: number },
  { apiKeyId: ApiKeyId | null; name: string | null; prefix: string | null; scopes: string[] | null; orgId: OrgId | null; orgName: string | null; teamId: TeamId | null; teamName: string | null; userId: UserId | null; userName: string | null; createdAt: Date; expiresAt: Date | null; lastUsedAt: Date | null }
>({
  name: 'list-api-keys',
  text: `SELECT
    k.id AS api_key_id, k.name, k.prefix, k.scopes, k.org_id, o.name AS org_name, k.team_id, t.name AS team_name,
    u.id AS user_id, u.name AS user_name, k.created_at AS created_at, k.expires_at, k.last_used_at
FROM api_keys k
    JOIN organizations o ON o.id = k.org_id
    JOIN users u ON u.id = k.created_by_id
    LEFT JOIN teams t ON t.id = k.team_id
WHERE k.revoked_at IS NULL
    AND (k.created_by_id = $1::text OR k.team_id = $2::text OR k.org_id = $3::text)
ORDER BY k.created_at DESC, k.id DESC
LIMIT $4::int`,
  params: ['ofUserId', 'ofTeamId', 'ofOrgId', 'limit'],
  json: [],
  columns: ['apiKeyId', 'name', 'prefix', 'scopes', 'orgId', 'orgName', 'teamId', 'teamName', 'userId', 'userName', 'createdAt', 'expiresAt', 'lastUsedAt'],
})
