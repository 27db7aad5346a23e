-- Asks for new pods without a change of the configuration: a new generation of the same revision.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH restarted AS (
    UPDATE deployments SET
        generation = generation + 1, restarted_at = now(), updated_at = now(),
        push_after = now(), push_attempts = 0, push_error = NULL
    WHERE id = :deploymentId AND deleted_at IS NULL
    RETURNING id, org_id, team_id, display_name, generation, current_revision, restarted_at
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name,
        request_id, ip, user_agent)
    SELECT :auditId, org_id, team_id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'deployment:restart', id, display_name,
        :requestId, :ip, :userAgent
    FROM restarted
), told AS (
    INSERT INTO activity (id, deployment_id, kind, actor_id, actor_name, revision)
    SELECT :activityId, id, 'restarted', coalesce(:onBehalfOfId, :actorId), :actorName, current_revision FROM restarted
)
SELECT generation, restarted_at AS "restarted_at!" FROM restarted
