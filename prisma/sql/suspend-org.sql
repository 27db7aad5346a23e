-- Suspends an organisation, with a reason that its members read, or lets it go on (without one). Its pods are stopped or
-- started by the push loop, since a trigger (organizations_push) has every custom resource written anew. No row: there is no such organisation.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
-- @nullable reason
WITH changed AS (
    UPDATE organizations SET
        suspended_at = CASE WHEN :suspended::boolean THEN coalesce(suspended_at, now()) END,
        suspended_reason = :reason, updated_at = now()
    WHERE id = :orgId
    RETURNING id, name
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT :auditId, id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'org:suspend', id, name,
        jsonb_build_object('suspended', :suspended::boolean, 'reason', :reason::text), :requestId, :ip, :userAgent
    FROM changed
)
SELECT id AS org_id, name AS org_name FROM changed
