-- Like find-actor.sql for a user whose session is known already: it is kept outside of the database, or it was asked
-- for by its id. No row: there is no such user.
--
-- @type orgs { orgId: OrgId; slug: string; name: string; role: 'org_owner' | 'org_admin' | 'org_member'; planId: string; suspended: boolean; frozen: boolean }[]
-- @type teams { teamId: TeamId; orgId: OrgId; name: string; role: 'team_admin' | 'developer' | 'viewer' }[]
-- @nullable scopeId
WITH scope AS (
    SELECT org_id, id AS team_id, NULL AS deployment_id FROM teams WHERE id = :scopeId::text
    UNION ALL
    SELECT org_id, team_id, id FROM deployments WHERE id = :scopeId::text AND removed_at IS NULL
    UNION ALL
    SELECT id, NULL, NULL FROM organizations WHERE id = :scopeId::text
)
SELECT
    u.id AS user_id, u.email, u.name, u.avatar_url, u.platform_admin,
    coalesce((
        SELECT jsonb_agg(jsonb_build_object('orgId', o.id, 'slug', o.slug, 'name', o.name, 'role', m.role,
            'planId', o.plan_id, 'suspended',
            o.suspended_at IS NOT NULL OR o.billing_stage IN ('suspended', 'removing', 'removed'),
            'frozen', o.billing_stage = 'frozen') ORDER BY m.created_at, o.id)
        FROM org_members m JOIN organizations o ON o.id = m.org_id WHERE m.user_id = u.id
    ), '[]') AS "orgs!",
    coalesce((
        SELECT jsonb_agg(jsonb_build_object('teamId', t.id, 'orgId', t.org_id, 'name', t.name, 'role', m.role)
            ORDER BY m.created_at, t.id)
        FROM team_members m JOIN teams t ON t.id = m.team_id WHERE m.user_id = u.id
    ), '[]') AS "teams!",
    (SELECT org_id FROM scope) AS scope_org_id, (SELECT team_id FROM scope) AS scope_team_id,
    (SELECT deployment_id FROM scope) AS scope_deployment_id,
    EXISTS (
        SELECT FROM organizations o
        WHERE o.id = (SELECT org_id FROM scope) AND (o.suspended_at IS NOT NULL OR o.billing_stage IN ('suspended', 'removing', 'removed'))
    ) AS "scope_suspended!",
    EXISTS (
        SELECT FROM organizations o WHERE o.id = (SELECT org_id FROM scope) AND o.billing_stage = 'frozen'
    ) AS "scope_frozen!"
FROM users u WHERE u.id = :userId
