// Written by `npm run gen` from touch-session.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type SessionId } from '../../src/contract/ids.ts'

/**
 * The session was used: moves its idle expiry, never beyond the absolute one. Answers with no row when it is gone.
 */
export const touchSession = statement<
  { now: Date; idleExpiresAt: Date; sessionId: SessionId },
  { sessionId: SessionId; idleExpiresAt: Date }
>({
  name: 'touch-session',
  text: `UPDATE sessions SET last_seen_at = $1, idle_expires_at = least($2::timestamptz, absolute_expires_at)
WHERE id = $3
RETURNING id AS session_id, idle_expires_at`,
  params: ['now', 'idleExpiresAt', 'sessionId'],
  json: [],
  columns: ['sessionId', 'idleExpiresAt'],
})
