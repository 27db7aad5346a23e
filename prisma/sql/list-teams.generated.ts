// Written by `npm run gen` from list-teams.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type UserId, type OrgId, type TeamId } from '../../src/contract/ids.ts'

/**
 * The teams of an organisation, the default one first, then by name: all of them, or those in which a user has a role.
 */
export const listTeams = statement<
  { userId: UserId; orgId: OrgId; onlyOwn: boolean },
  { teamId: TeamId; name: string; isDefault: boolean; role: 'team_admin' | 'developer' | 'viewer' | null; members: number; deployments: number }
>({
  name: 'list-teams',
  text: `SELECT
    t.id AS team_id, t.name AS name, t.is_default AS is_default, m.role AS role,
    (SELECT count(*)::int FROM team_members other WHERE other.team_id = t.id) AS members,
    (SELECT count(*)::int FROM deployments d WHERE d.team_id = t.id AND d.removed_at IS NULL) AS deployments
FROM teams t
    LEFT JOIN team_members m ON m.team_id = t.id AND m.user_id = $1
WHERE t.org_id = $2 AND (NOT $3::boolean OR m.user_id IS NOT NULL)
ORDER BY t.is_default DESC, lower(t.name), t.id`,
  params: ['userId', 'orgId', 'onlyOwn'],
  json: [],
  columns: ['teamId', 'name', 'isDefault', 'role', 'members', 'deployments'],
})
