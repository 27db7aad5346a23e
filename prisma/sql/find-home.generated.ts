// Written by `npm run gen` from find-home.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type UserId, type TeamId } from '../../src/contract/ids.ts'

/**
 * Where a session begins that is kept outside of the database: in the team that was used last, if the user is still
 * in it, else in the first one that the user joined. No row: there is no such user.
 */
export const findHome = statement<
  { lastTeamId: string | null; userId: UserId },
  { userId: UserId; teamId: TeamId | null }
>({
  name: 'find-home',
  text: `SELECT u.id AS user_id, coalesce(
    (SELECT m.team_id FROM team_members m WHERE m.user_id = u.id AND m.team_id = $1::text),
    (SELECT m.team_id FROM team_members m WHERE m.user_id = u.id ORDER BY m.created_at, m.team_id LIMIT 1)
) AS team_id
FROM users u WHERE u.id = $2`,
  params: ['lastTeamId', 'userId'],
  json: [],
  columns: ['userId', 'teamId'],
})
