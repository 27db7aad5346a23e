-- The API keys of a place that are not revoked, newest first: those that somebody made, those of a team, those of an
-- organisation.
--
-- @type ofUserId UserId
-- @type ofTeamId TeamId
-- @type ofOrgId OrgId
-- @nullable ofUserId ofTeamId ofOrgId
SELECT
    k.id AS api_key_id, k.name, k.prefix, k.scopes, k.org_id, o.name AS org_name, k.team_id, t.name AS "team_name?",
    u.id AS user_id, u.name AS user_name, k.created_at AS "created_at!", k.expires_at, k.last_used_at
FROM api_keys k
    JOIN organizations o ON o.id = k.org_id
    JOIN users u ON u.id = k.created_by_id
    LEFT JOIN teams t ON t.id = k.team_id
WHERE k.revoked_at IS NULL
    AND (k.created_by_id = :ofUserId::text OR k.team_id = :ofTeamId::text OR k.org_id = :ofOrgId::text)
ORDER BY k.created_at DESC, k.id DESC
LIMIT :limit::int
