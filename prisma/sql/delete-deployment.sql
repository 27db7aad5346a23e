-- Asks for the deletion of a deployment. The row stays, and counts, until the cluster confirms
-- (finish-delete-deployment.sql). Asking again is harmless: `already_deleting`.
--
-- @type outcome 'deleting' | 'already_deleting' | 'no_such_deployment'
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH deleting AS (
    UPDATE deployments SET
        generation = generation + 1, deleted_at = now(), deleted_by_name = :actorName, updated_at = now(),
        push_after = now(), push_attempts = 0, push_error = NULL
    WHERE id = :deploymentId AND deleted_at IS NULL
    RETURNING id, org_id, team_id, display_name, generation
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name,
        request_id, ip, user_agent)
    SELECT :auditId, org_id, team_id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'deployment:delete', id, display_name,
        :requestId, :ip, :userAgent
    FROM deleting
), told AS (
    INSERT INTO activity (id, deployment_id, kind, actor_id, actor_name)
    SELECT :activityId, id, 'delete_requested', coalesce(:onBehalfOfId, :actorId), :actorName FROM deleting
)
SELECT
    CASE
        WHEN deleting.id IS NOT NULL THEN 'deleting'
        WHEN present.id IS NOT NULL THEN 'already_deleting'
        ELSE 'no_such_deployment'
    END AS "outcome!",
    coalesce(deleting.generation, present.generation) AS "generation?"
FROM (SELECT) AS always
    LEFT JOIN deleting ON true
    LEFT JOIN deployments present ON present.id = :deploymentId AND present.removed_at IS NULL
