// Written by `npm run gen` from claim-events.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'

/**
 * Gives a worker events that are due, those that wait longest first. They are its alone for `leaseSeconds`, in which it
 * says what came of them (finish-events.sql, postpone-events.sql); a worker that dies loses its claim by that time, and
 * they are worked on again.
 */
export const claimEvents = statement<
  { limit: number; worker: string; leaseSeconds: number },
  { id: string; type: string; customerId: string | null; attempts: number }
>({
  name: 'claim-events',
  text: `WITH due AS (
    SELECT id FROM stripe_events
    WHERE processed_at IS NULL
        AND process_after <= now() + interval '1 millisecond' AND (claimed_until IS NULL OR claimed_until < now())
    ORDER BY process_after
    LIMIT $1::int
    FOR UPDATE SKIP LOCKED
)
UPDATE stripe_events e SET
    claimed_by = $2, claimed_until = now() + make_interval(secs => $3::float8),
    attempts = e.attempts + 1
FROM due WHERE e.id = due.id
RETURNING e.id, e.type, e.customer_id, e.attempts`,
  params: ['limit', 'worker', 'leaseSeconds'],
  json: [],
  columns: ['id', 'type', 'customerId', 'attempts'],
})
