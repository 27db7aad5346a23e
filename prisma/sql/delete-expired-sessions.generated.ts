// Written by `npm run gen` from delete-expired-sessions.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type SessionId } from '../../src/contract/ids.ts'

/**
 * Deletes sessions that nobody can use any more, a batch at a time.
 */
export const deleteExpiredSessions = statement<
  { now: Date; limit: number },
  { sessionId: SessionId }
>({
  name: 'delete-expired-sessions',
  text: `DELETE FROM sessions
WHERE id IN (
    SELECT id FROM sessions
    WHERE idle_expires_at <= $1
    ORDER BY idle_expires_at
    LIMIT $2::int
    FOR UPDATE SKIP LOCKED
)
RETURNING id AS session_id`,
  params: ['now', 'limit'],
  json: [],
  columns: ['sessionId'],
})
