// Written by `npm run gen` from claim-effects.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'

/**
 * Gives a worker effects that are due, the one that waits longest first. Each is its alone for `leaseSeconds`, in which
 * it says what came of it (mark-effect-done.sql, mark-effect-failed.sql); a worker that dies loses its claim by that
 * time, and the effect is tried again.
 */
export const claimEffects = statement<
  { kinds: string[]; limit: number; worker: string; leaseSeconds: number },
  { id: string; kind: string; payload: unknown; attempts: number; ageSeconds: number }
>({
  name: 'claim-effects',
  text: `WITH due AS (
    SELECT id FROM outbox
    WHERE done_at IS NULL AND given_up_at IS NULL AND kind = ANY($1::text[])
        AND send_after <= now() + interval '1 millisecond' AND (claimed_until IS NULL OR claimed_until < now())
    ORDER BY send_after
    LIMIT $2::int
    FOR UPDATE SKIP LOCKED
)
UPDATE outbox o SET
    claimed_by = $3, claimed_until = now() + make_interval(secs => $4::float8),
    attempts = o.attempts + 1
FROM due WHERE o.id = due.id
RETURNING o.id, o.kind, o.payload, o.attempts, extract(epoch FROM now() - o.created_at)::float8 AS age_seconds`,
  params: ['kinds', 'limit', 'worker', 'leaseSeconds'],
  json: [],
  columns: ['id', 'kind', 'payload', 'attempts', 'ageSeconds'],
})
