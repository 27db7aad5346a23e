// Written by `npm run gen` from find-user-actor.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type UserId, type OrgId, type TeamId } from '../../src/contract/ids.ts'

/**
 * Like find-actor.sql for a user whose session is known already: it is kept outside of the database, or it was asked
 * for by its id. No row: there is no such user.
 */
export const findUserActor = statement<
  { scopeId: string | null; userId: UserId },
  { platformAdmin: boolean; person: { userId: UserId; email: string; name: string; avatarUrl: string | null; orgs: { orgId: OrgId; slug: string; name: string; role: 'org_owner' | 'org_admin' | 'org_member'; planId: string; suspended: boolean; frozen: boolean }[]; teams: { teamId: TeamId; orgId: OrgId; name: string; role: 'team_admin' | 'developer' | 'viewer' }[] }; scope: { orgId: OrgId; teamId: TeamId | null; isSuspended: boolean; isFrozen: boolean } | null | null }
>({
  name: 'find-user-actor',
  text: `WITH scope AS (
    SELECT org_id, id AS team_id FROM teams WHERE id = $1::text
    UNION ALL
    SELECT org_id, team_id FROM deployments WHERE id = $1::text AND removed_at IS NULL
    UNION ALL
    SELECT id, NULL FROM organizations WHERE id = $1::text
)
SELECT
    u.platform_admin,
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
    ) AS person,
    (
        SELECT jsonb_build_object('orgId', o.id, 'teamId', scope.team_id,
            'isSuspended', o.suspended_at IS NOT NULL OR o.billing_stage IN ('suspended', 'removing', 'removed'),
            'isFrozen', o.billing_stage = 'frozen')
        FROM scope JOIN organizations o ON o.id = scope.org_id
    ) AS scope
FROM users u WHERE u.id = $2`,
  params: ['scopeId', 'userId'],
  json: [],
  columns: ['platformAdmin', 'person', 'scope'],
})
