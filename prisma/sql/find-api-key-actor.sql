-- Like find-actor.sql for a caller with an API key: the grants of its creator as they are now, of the key's
-- organisation only, and of the key's team only where it has one. No row: no such key, expired or revoked, or its
-- creator has left the organisation.
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
    k.id AS api_key_id, k.name AS api_key_name, k.scopes, k.org_id AS key_org_id, k.team_id AS key_team_id, k.last_used_at,
    jsonb_build_object(
        'userId', u.id, 'email', u.email, 'name', u.name, 'avatarUrl', u.avatar_url,
        'orgs', coalesce((
            SELECT jsonb_agg(jsonb_build_object('orgId', o.id, 'slug', o.slug, 'name', o.name, 'role', m.role,
                'planId', o.plan_id, 'suspended',
                o.suspended_at IS NOT NULL OR o.billing_stage IN ('suspended', 'removing', 'removed'),
                'frozen', o.billing_stage = 'frozen'))
            FROM org_members m JOIN organizations o ON o.id = m.org_id WHERE m.user_id = u.id AND m.org_id = k.org_id
        ), '[]'),
        'teams', coalesce((
            SELECT jsonb_agg(jsonb_build_object('teamId', t.id, 'orgId', t.org_id, 'name', t.name, 'role', m.role)
                ORDER BY m.created_at, t.id)
            FROM team_members m JOIN teams t ON t.id = m.team_id
            WHERE m.user_id = u.id AND m.org_id = k.org_id AND (k.team_id IS NULL OR m.team_id = k.team_id)
        ), '[]')
    ) AS "person!",
    (
        SELECT jsonb_build_object('orgId', o.id, 'teamId', scope.team_id,
            'isSuspended', o.suspended_at IS NOT NULL OR o.billing_stage IN ('suspended', 'removing', 'removed'),
            'isFrozen', o.billing_stage = 'frozen')
        FROM scope JOIN organizations o ON o.id = scope.org_id
    ) AS scope
FROM api_keys k
    JOIN users u ON u.id = k.created_by_id
    JOIN org_members creator ON creator.user_id = k.created_by_id AND creator.org_id = k.org_id
WHERE k.key_hash = :keyHash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > :now)
