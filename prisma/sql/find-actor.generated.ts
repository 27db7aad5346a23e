// Written by `npm run gen` from find-actor.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type UserId, type OrgId, type TeamId, type DeploymentId, type SessionId } from '../../src/contract/ids.ts'

/**
 * Who calls, and with what rights: session, user and all grants in one statement, and the scope that a request
 * names by the id of a team, an organisation or a deployment. No row: there is no such session, or it has expired
 * (`now` comes from the caller's clock). The scope's columns are null when nothing has that id; that it exists
 * does not mean that the caller may see it.
 */
export const findActor = statement<
  { scopeId: string | null; tokenHash: string; now: Date },
  { sessionId: SessionId; currentTeamId: TeamId | null; lastSeenAt: Date; userId: UserId; email: string; name: string; avatarUrl: string | null; platformAdmin: boolean; orgs: { orgId: OrgId; slug: string; name: string; role: 'org_owner' | 'org_admin' | 'org_member'; planId: string; suspended: boolean; frozen: boolean }[]; teams: { teamId: TeamId; orgId: OrgId; name: string; role: 'team_admin' | 'developer' | 'viewer' }[]; scopeOrgId: OrgId | null; scopeTeamId: TeamId | null; scopeDeploymentId: DeploymentId | null; scopeSuspended: boolean; scopeFrozen: boolean }
>({
  name: 'find-actor',
  text: `WITH scope AS (
    SELECT org_id, id AS team_id, NULL AS deployment_id FROM teams WHERE id = $1::text
    UNION ALL
    SELECT org_id, team_id, id FROM deployments WHERE id = $1::text AND removed_at IS NULL
    UNION ALL
    SELECT id, NULL, NULL FROM organizations WHERE id = $1::text
)
SELECT
    s.id AS session_id, s.current_team_id, s.last_seen_at,
    u.id AS user_id, u.email, u.name, u.avatar_url, u.platform_admin,
    coalesce((
        SELECT jsonb_agg(jsonb_build_object('orgId', o.id, 'slug', o.slug, 'name', o.name, 'role', m.role,
            'planId', o.plan_id, 'suspended',
            o.suspended_at IS NOT NULL OR o.billing_stage IN ('suspended', 'removing', 'removed'),
            'frozen', o.billing_stage = 'frozen') ORDER BY m.created_at, o.id)
        FROM org_members m JOIN organizations o ON o.id = m.org_id WHERE m.user_id = u.id
    ), '[]') AS orgs,
    coalesce((
        SELECT jsonb_agg(jsonb_build_object('teamId', t.id, 'orgId', t.org_id, 'name', t.name, 'role', m.role)
            ORDER BY m.created_at, t.id)
        FROM team_members m JOIN teams t ON t.id = m.team_id WHERE m.user_id = u.id
    ), '[]') AS teams,
    (SELECT org_id FROM scope) AS scope_org_id, (SELECT team_id FROM scope) AS scope_team_id,
    (SELECT deployment_id FROM scope) AS scope_deployment_id,
    EXISTS (
        SELECT FROM organizations o
        WHERE o.id = (SELECT org_id FROM scope) AND (o.suspended_at IS NOT NULL OR o.billing_stage IN ('suspended', 'removing', 'removed'))
    ) AS scope_suspended,
    EXISTS (
        SELECT FROM organizations o WHERE o.id = (SELECT org_id FROM scope) AND o.billing_stage = 'frozen'
    ) AS scope_frozen
FROM sessions s
    JOIN users u ON u.id = s.user_id
WHERE s.token_hash = $2 AND s.idle_expires_at > $3 AND s.absolute_expires_at > $3`,
  params: ['scopeId', 'tokenHash', 'now'],
  json: [],
  columns: ['sessionId', 'currentTeamId', 'lastSeenAt', 'userId', 'email', 'name', 'avatarUrl', 'platformAdmin', 'orgs', 'teams', 'scopeOrgId', 'scopeTeamId', 'scopeDeploymentId', 'scopeSuspended', 'scopeFrozen'],
})
