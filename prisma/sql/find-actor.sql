-- Who calls, and with what rights: session, user and all grants in one statement, and the scope that a request
-- names by the id of a team, an organisation or a deployment. No row: there is no such session, or it has expired
-- (`now` comes from the caller's clock). The scope is null when nothing has that id; that it exists does not
-- mean that the caller may see it. Few columns, because each is described anew with every answer.
--
-- @type person { userId: UserId; email: string; name: string; avatarUrl: string | null; orgs: { orgId: OrgId; slug: string; name: string; role: 'org_owner' | 'org_admin' | 'org_member'; planId: string; suspended: boolean; frozen: boolean }[]; teams: { teamId: TeamId; orgId: OrgId; name: string; role: 'team_admin' | 'developer' | 'viewer' }[] }
-- @type scope { orgId: OrgId; teamId: TeamId | null; isSuspended: boolean; isFrozen: boolean } | null
-- @nullable scopeId
WITH scope AS (
    SELECT org_id, id AS team_id FROM teams WHERE id = :scopeId::text
    UNION ALL
    SELECT org_id, team_id FROM deployments WHERE id = :scopeId::text AND removed_at IS NULL
    UNION ALL
    SELECT id, NULL FROM organizations WHERE id = :scopeId::text
)
SELECT
    s.id AS session_id, s.current_team_id, s.last_seen_at, u.platform_admin,
    jsonb_build_object(
        'userId', u.id, 'email', u.email, 'name', u.name, 'avatarUrl', u.avatar_url,
        'orgs', coalesce((
            SELECT jsonb_agg(jsonb_build_object('orgId', o.id, 'slug', o.slug, 'name', o.name, 'role', m.role,
                'planId', o.plan_id, 'suspended',
                o.suspended_at IS NOT NULL OR o.billing_stage IN ('suspended', 'removing', 'removed'),
                'frozen', o.billing_stage = 'frozen') ORDER BY m.created_at, o.id)
            FROM org_members m JOIN organizations o ON o.id = m.org_id WHERE m.user_id = u.id
        ), '[]'),
        'teams', coalesce((
            SELECT jsonb_agg(jsonb_build_object('teamId', t.id, 'orgId', t.org_id, 'name', t.name, 'role', m.role)
                ORDER BY m.created_at, t.id)
            FROM team_members m JOIN teams t ON t.id = m.team_id WHERE m.user_id = u.id
        ), '[]')
    ) AS "person!",
    (
        SELECT jsonb_build_object('orgId', o.id, 'teamId', scope.team_id,
            'isSuspended', o.suspended_at IS NOT NULL OR o.billing_stage IN ('suspended', 'removing', 'removed'),
            'isFrozen', o.billing_stage = 'frozen')
        FROM scope JOIN organizations o ON o.id = scope.org_id
    ) AS scope
FROM sessions s
    JOIN users u ON u.id = s.user_id
WHERE s.token_hash = :tokenHash AND s.idle_expires_at > :now AND s.absolute_expires_at > :now
