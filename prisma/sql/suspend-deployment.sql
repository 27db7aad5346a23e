-- Stops the pods of a deployment, or lets them run again: a new generation of the same revision. What stands so
-- already is left as it is, without a row in the audit.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @type activityKind 'suspended' | 'resumed'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH changed AS (
    UPDATE deployments SET
        suspended = :suspended, generation = generation + 1, updated_at = now(),
        push_after = now(), push_attempts = 0, push_error = NULL
    WHERE id = :deploymentId AND deleted_at IS NULL AND suspended <> :suspended
    RETURNING id, org_id, team_id, display_name, generation, current_revision
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name,
        detail, changes, request_id, ip, user_agent)
    SELECT :auditId, org_id, team_id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'deployment:suspend', id, display_name,
        jsonb_build_object('suspended', :suspended::boolean),
        jsonb_build_object('suspended', jsonb_build_object('from', NOT :suspended::boolean, 'to', :suspended::boolean)),
        :requestId, :ip, :userAgent
    FROM changed
), told AS (
    INSERT INTO activity (id, deployment_id, kind, actor_id, actor_name, revision)
    SELECT :activityId, id, :activityKind, coalesce(:onBehalfOfId, :actorId), :actorName, current_revision FROM changed
)
SELECT
    d.team_id AS "team_id!", d.current_revision AS "revision!", coalesce(changed.generation, d.generation) AS "generation!",
    d.deleted_at IS NOT NULL AS "is_deleted!", changed.id IS NOT NULL AS "is_changed!"
FROM deployments d LEFT JOIN changed ON true
WHERE d.id = :deploymentId AND d.removed_at IS NULL
