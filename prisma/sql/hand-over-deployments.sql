-- Makes another member answer for all deployments that one answers for. They go on running where they are.
--
-- @type outcome 'handed_over' | 'no_such_member' | 'no_such_keeper'
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH present AS (
    SELECT u.id, u.name FROM org_members m JOIN users u ON u.id = m.user_id
    WHERE m.org_id = :orgId AND m.user_id = :memberId
), keeper AS (
    SELECT user_id FROM org_members WHERE org_id = :orgId AND user_id = :newKeeperId AND user_id <> :memberId
), handed_over AS (
    UPDATE deployments d SET keeper_id = keeper.user_id, updated_at = now() FROM keeper, present
    WHERE d.org_id = :orgId AND d.keeper_id = present.id
    RETURNING d.id
), total AS (
    SELECT count(*)::int AS deployments FROM handed_over
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT :auditId, :orgId, :actorKind, :actorId, :actorName, :onBehalfOfId, 'org-member:hand-over', present.id, present.name,
        jsonb_build_object('deployments', total.deployments, 'newKeeperId', keeper.user_id), :requestId, :ip, :userAgent
    FROM present, keeper, total
)
SELECT
    CASE
        WHEN present.id IS NULL THEN 'no_such_member'
        WHEN keeper.user_id IS NULL THEN 'no_such_keeper'
        ELSE 'handed_over'
    END AS "outcome!",
    total.deployments AS "deployments!"
FROM total
    LEFT JOIN present ON true
    LEFT JOIN keeper ON true
