// Written by `npm run gen` from create-session.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type UserId, type TeamId, type SessionId } from '../../src/contract/ids.ts'

/**
 * Begins a session in the team that the user was in last, else in the first one that the user joined.
 */
export const createSession = statement<
  { sessionId: SessionId; tokenHash: string; ip: string | null; userAgent: string | null; now: Date; idleExpiresAt: Date; absoluteExpiresAt: Date; userId: UserId },
  { sessionId: SessionId; userId: UserId; currentTeamId: TeamId | null }
>({
  name: 'create-session',
  text: `INSERT INTO sessions
    (id, token_hash, user_id, current_team_id, ip, user_agent, created_at, last_seen_at, idle_expires_at, absolute_expires_at)
SELECT
    $1, $2, u.id,
    coalesce(
        (
            SELECT s.current_team_id FROM sessions s JOIN team_members m ON m.team_id = s.current_team_id AND m.user_id = u.id
            WHERE s.user_id = u.id ORDER BY s.created_at DESC LIMIT 1
        ),
        (SELECT m.team_id FROM team_members m WHERE m.user_id = u.id ORDER BY m.created_at, m.team_id LIMIT 1)
    ),
    $3, $4, $5, $5, $6, $7
FROM users u WHERE u.id = $8
RETURNING id AS session_id, user_id, current_team_id`,
  params: ['sessionId', 'tokenHash', 'ip', 'userAgent', 'now', 'idleExpiresAt', 'absoluteExpiresAt', 'userId'],
  json: [],
  columns: ['sessionId', 'userId', 'currentTeamId'],
})
