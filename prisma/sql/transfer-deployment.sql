-- Makes another member of the organisation answer for a deployment, which goes on running where it is
-- (docs/decisions/037). Whoever answers for it already stays, without a row in the audit. A member who leaves at the same
-- moment violates deployments_org_id_keeper_id_fkey. No row: there is no such deployment.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH present AS (
    SELECT d.id, d.org_id, d.keeper_id, u.name AS keeper_name
    FROM deployments d JOIN users u ON u.id = d.keeper_id
    WHERE d.id = :deploymentId AND d.removed_at IS NULL
), heir AS (
    SELECT m.user_id, u.name FROM present
        JOIN org_members m ON m.org_id = present.org_id AND m.user_id = :newKeeperId
        JOIN users u ON u.id = m.user_id
), changed AS (
    UPDATE deployments d SET keeper_id = heir.user_id, updated_at = now() FROM heir
    WHERE d.id = :deploymentId AND d.deleted_at IS NULL AND d.keeper_id <> heir.user_id
    RETURNING d.id, d.org_id, d.team_id, d.display_name, d.current_revision
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name,
        detail, changes, request_id, ip, user_agent)
    SELECT :auditId, changed.org_id, changed.team_id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'deployment:transfer',
        changed.id, changed.display_name, jsonb_build_object('newKeeperId', heir.user_id),
        jsonb_build_object('owner', jsonb_build_object('from', present.keeper_name, 'to', heir.name)),
        :requestId, :ip, :userAgent
    FROM changed, present, heir
), told AS (
    INSERT INTO activity (id, deployment_id, kind, actor_id, actor_name, revision, detail)
    SELECT :activityId, changed.id, 'handed_over', coalesce(:onBehalfOfId, :actorId), :actorName, changed.current_revision,
        jsonb_build_object('to', heir.name)
    FROM changed, heir
)
SELECT
    d.team_id AS "team_id!", d.current_revision AS "revision!", d.generation AS "generation!", d.deleted_at IS NOT NULL AS "is_deleted!",
    heir.user_id IS NOT NULL AS "is_member!", changed.id IS NOT NULL AS "is_changed!"
FROM deployments d LEFT JOIN heir ON true LEFT JOIN changed ON true
WHERE d.id = :deploymentId AND d.removed_at IS NULL
