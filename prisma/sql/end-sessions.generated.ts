// Written by `npm run gen` from end-sessions.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type UserId, type SessionId } from '../../src/contract/ids.ts'

/**
 * Ends one session of a user, or all but one, and writes that to the audit: nothing is written when the one that is
 * named is not there. Where sessions are kept outside of the database, they were ended before, and how many there were
 * is told. `action` says whether somebody did it to themselves.
 */
export const endSessions = statement<
  { userId: UserId; sessionId: SessionId | null; exceptId: string | null; endedElsewhere: number; auditId: Id<'aud'>; actorKind: string; actorId: string | null; actorName: string; onBehalfOfId: string | null; action: string; targetId: string; targetName: string; requestId: string | null; ip: string | null; userAgent: string | null },
  { ended: number }
>({
  name: 'end-sessions',
  text: `WITH ended AS (
    DELETE FROM sessions
    WHERE user_id = $1 AND ($2::text IS NULL OR id = $2) AND id IS DISTINCT FROM $3::text
    RETURNING id
), total AS (
    SELECT (SELECT count(*) FROM ended)::int + $4::int AS count
), audited AS (
    INSERT INTO audit_events
        (id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip,
        user_agent)
    SELECT $5, $6, $7, $8, $9, $10, $11, $12,
        jsonb_build_object('ended', count), $13, $14, $15
    FROM total WHERE $2::text IS NULL OR count > 0
)
SELECT count AS ended FROM total`,
  params: ['userId', 'sessionId', 'exceptId', 'endedElsewhere', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'action', 'targetId', 'targetName', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['ended'],
})
