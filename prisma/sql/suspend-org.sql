-- Suspends an organisation, with a reason that its members read, or lets it go on (without one). Its pods are stopped or
-- started by the push loop, which writes every custom resource anew. No row: there is no such organisation.
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
), pushed AS (
    UPDATE deployments d SET
        pushed_generation = least(d.pushed_generation, d.generation - 1), push_after = now(), push_attempts = 0
    FROM changed WHERE d.org_id = changed.id AND d.removed_at IS NULL
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT :auditId, id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'org:suspend', id, name,
        jsonb_build_object('suspended', :suspended::boolean, 'reason', :reason::text), :requestId, :ip, :userAgent
    FROM changed
)
SELECT id AS org_id, name AS org_name FROM changed
