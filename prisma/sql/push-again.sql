-- Has the custom resource of a deployment written again, because somebody asks for it. Answers with no row when there is
-- no such deployment (any more). It counts as changed now: a report that is asked before the push is done does not
-- call it lost again.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH pushed AS (
    UPDATE deployments SET
        pushed_generation = least(pushed_generation, generation - 1), push_after = now(), push_attempts = 0,
        push_error = NULL, updated_at = now()
    WHERE id = :deploymentId AND deleted_at IS NULL AND removed_at IS NULL
    RETURNING id, org_id, team_id, display_name
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name,
        detail, request_id, ip, user_agent)
    SELECT :auditId, org_id, team_id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'garbage:repair', id, display_name,
        :detail::jsonb,
        :requestId, :ip, :userAgent
    FROM pushed
)
SELECT id AS deployment_id, team_id FROM pushed
