// Written by `npm run gen` from replay-event.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id } from '../../src/contract/ids.ts'

/**
 * Has an event worked on again, now. No row: there is no such event.
 */
export const replayEvent = statement<
  { eventId: string; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { id: string }
>({
  name: 'replay-event',
  text: `WITH replayed AS (
    UPDATE stripe_events SET
        processed_at = NULL, outcome = NULL, process_after = now(), attempts = 0, error = NULL,
        claimed_by = NULL, claimed_until = NULL
    WHERE id = $1
    RETURNING id, type
), audited AS (
    INSERT INTO audit_events
        (id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, request_id, ip, user_agent)
    SELECT $2, $3, $4, $5, $6, 'stripe-event:retry', id, type, $7, $8, $9
    FROM replayed
)
SELECT id FROM replayed`,
  params: ['eventId', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['id'],
})
