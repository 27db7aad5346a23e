-- Makes a team, with who asks as its administrator, and counts it against the organisation's limit: the counter is the
-- first step and everything depends on it. A name that is taken violates teams_org_id_name_key.
--
-- @type outcome 'created' | 'limit_reached' | 'no_such_org' | 'payment_required'
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH counted AS (
    UPDATE organizations o SET teams_used = o.teams_used + 1
    WHERE o.id = :orgId AND o.billing_stage IN ('full', 'banner') AND (NOT :enforceLimit::boolean OR (
        SELECT o.teams_used < coalesce(o.teams_limit, p.teams_limit, 2147483647) FROM plans p WHERE p.id = o.plan_id
    ))
    RETURNING o.id
), team AS (
    INSERT INTO teams (id, org_id, name) SELECT :teamId, id, :teamName FROM counted RETURNING id, org_id, name
), team_grant AS (
    INSERT INTO team_members (team_id, org_id, user_id, role) SELECT id, org_id, :userId, 'team_admin' FROM team
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, request_id, ip, user_agent)
    SELECT :auditId, org_id, id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'team:create', id, name, :requestId, :ip, :userAgent FROM team
)
SELECT
    CASE
        WHEN team.id IS NOT NULL THEN 'created'
        WHEN o.id IS NULL THEN 'no_such_org'
        WHEN NOT o.billing_stage IN ('full', 'banner') THEN 'payment_required'
        ELSE 'limit_reached'
    END AS "outcome!",
    coalesce(o.teams_limit, p.teams_limit) AS "teams_limit?", o.teams_used AS "teams_used?", p.id AS "plan_id?"
FROM (SELECT) AS always
    LEFT JOIN team ON true
    LEFT JOIN (organizations o JOIN plans p ON p.id = o.plan_id) ON o.id = :orgId
