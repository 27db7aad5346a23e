-- Makes an API key, with a row in the audit. Answers with no row when its organisation is suspended, or its creator is
-- not in it (any more).
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @type action 'own-api-key:create' | 'team-api-key:create'
-- @type createdById UserId
-- @nullable teamId expiresAt requestId actorId onBehalfOfId ip userAgent
WITH made AS (
    INSERT INTO api_keys (id, name, prefix, key_hash, scopes, org_id, team_id, created_by_id, created_at, expires_at)
    SELECT :apiKeyId, :name, :prefix, :keyHash, :scopes::text[], o.id, :teamId::text, m.user_id, :now, :expiresAt::timestamptz
    FROM organizations o JOIN org_members m ON m.org_id = o.id AND m.user_id = :createdById
    WHERE o.id = :orgId AND o.suspended_at IS NULL
        AND o.billing_stage NOT IN ('suspended', 'removing', 'removed')
    RETURNING id, name, prefix, scopes, org_id, team_id, created_by_id, created_at, expires_at
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, changes,
        request_id, ip, user_agent)
    SELECT :auditId, org_id, team_id, :actorKind, :actorId, :actorName, :onBehalfOfId, :action, id, name,
        jsonb_build_object(
            'scopes', jsonb_build_object('from', NULL, 'to', to_jsonb(scopes)),
            'expiresAt', jsonb_build_object('from', NULL, 'to', expires_at)
        ), :requestId, :ip, :userAgent
    FROM made
)
SELECT
    made.id AS api_key_id, made.name, made.prefix, made.scopes, made.org_id, o.name AS org_name, made.team_id,
    t.name AS "team_name?", u.id AS user_id, u.name AS user_name, made.created_at AS "created_at!", made.expires_at,
    NULL::timestamptz AS "last_used_at?"
FROM made
    JOIN organizations o ON o.id = made.org_id
    JOIN users u ON u.id = made.created_by_id
    LEFT JOIN teams t ON t.id = made.team_id
