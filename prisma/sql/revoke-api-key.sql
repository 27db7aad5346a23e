-- Ends an API key at once, with a row in the audit. Which keys one may end is said by the place: those that one made,
-- those of a team, those of an organisation. Answers with no row when there is no such key there, or none any more.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @type action 'own-api-key:revoke' | 'team-api-key:revoke' | 'api-key:revoke-any'
-- @type ofUserId UserId
-- @type ofTeamId TeamId
-- @type ofOrgId OrgId
-- @nullable ofUserId ofTeamId ofOrgId requestId actorId onBehalfOfId ip userAgent
WITH revoked AS (
    UPDATE api_keys SET revoked_at = :now
    WHERE id = :apiKeyId AND revoked_at IS NULL
        AND (created_by_id = :ofUserId::text OR team_id = :ofTeamId::text OR org_id = :ofOrgId::text)
    RETURNING id, name, org_id, team_id
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, changes,
        request_id, ip, user_agent)
    SELECT :auditId, org_id, team_id, :actorKind, :actorId, :actorName, :onBehalfOfId, :action, id, name,
        jsonb_build_object('isRevoked', jsonb_build_object('from', false, 'to', true)), :requestId, :ip, :userAgent
    FROM revoked
)
SELECT id AS api_key_id FROM revoked
