// Written by `npm run gen` from list-members.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type UserId, type OrgId, type TeamId } from '../../src/contract/ids.ts'

/**
 * The members of an organisation, its owner first, then by name: with their teams (of these ids alone, or all if null)
 * and how many deployments they answer for.
 */
export const listMembers = statement<
  { seenTeamIds: TeamId[] | null; orgId: OrgId },
  { userId: UserId; name: string; email: string; avatarUrl: string | null; role: 'org_owner' | 'org_admin' | 'org_member'; createdAt: Date; teams: { id: TeamId; name: string; role: 'team_admin' | 'developer' | 'viewer' }[]; deploymentsKept: number }
>({
  name: 'list-members',
  text: `SELECT
    m.user_id, u.name, u.email, u.avatar_url, m.role, m.created_at,
    coalesce((
        SELECT jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'role', tm.role)
            ORDER BY t.is_default DESC, t.name)
        FROM team_members tm JOIN teams t ON t.id = tm.team_id
        WHERE tm.org_id = m.org_id AND tm.user_id = m.user_id
            AND ($1::text[] IS NULL OR t.id = ANY ($1::text[]))
    ), '[]') AS teams,
    (
        SELECT count(*)::int FROM deployments d WHERE d.org_id = m.org_id AND d.keeper_id = m.user_id
    ) AS deployments_kept
FROM org_members m JOIN users u ON u.id = m.user_id
WHERE m.org_id = $2
ORDER BY m.role, lower(u.name), m.user_id
LIMIT 1000`,
  params: ['seenTeamIds', 'orgId'],
  json: [],
  columns: ['userId', 'name', 'email', 'avatarUrl', 'role', 'createdAt', 'teams', 'deploymentsKept'],
})
