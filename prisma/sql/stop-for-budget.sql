-- Stops the deployments of an organisation whose budget is used up, or lets them run again. A trigger
-- (organizations_push) has every custom resource written anew. No row: it is so already.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
-- @nullable mailId
WITH changed AS (
    UPDATE organizations SET
        budget_stopped_at = CASE WHEN :stopped::boolean THEN now() END, updated_at = now()
    WHERE id = :orgId AND (budget_stopped_at IS NOT NULL) <> :stopped::boolean
    RETURNING id, name
), mail AS (
    INSERT INTO outbox (id, kind, key, payload)
    SELECT :mailId, 'budget', :mailId, :payload::jsonb FROM changed WHERE :mailId::text IS NOT NULL
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT :auditId, id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'org:suspend', id, name,
        jsonb_build_object('suspended', :stopped::boolean, 'reason', 'budget'), :requestId, :ip, :userAgent
    FROM changed
)
SELECT id AS org_id FROM changed
