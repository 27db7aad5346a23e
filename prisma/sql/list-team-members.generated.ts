// Written by `npm run gen` from list-team-members.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type UserId, type TeamId } from '../../src/contract/ids.ts'

/**
 * Who is in a team, by role, then by name.
 */
export const listTeamMembers = statement<
  { teamId: TeamId },
  { userId: UserId; name: string; email: string; avatarUrl: string | null; role: 'team_admin' | 'developer' | 'viewer'; createdAt: Date }
>({
  name: 'list-team-members',
  text: `SELECT m.user_id, u.name, u.email, u.avatar_url, m.role, m.created_at
FROM team_members m JOIN users u ON u.id = m.user_id
WHERE m.team_id = $1
ORDER BY m.role, lower(u.name), m.user_id
LIMIT 1000`,
  params: ['teamId'],
  json: [],
  columns: ['userId', 'name', 'email', 'avatarUrl', 'role', 'createdAt'],
})
