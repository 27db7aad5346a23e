// Written by `npm run gen` from postpone-events.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'

/**
 * Working on events failed: keeps the reason for people, and tries again after a while.
 */
export const postponeEvents = statement<
  { error: string; retrySeconds: number; eventIds: string[]; worker: string },
  { id: string }
>({
  name: 'postpone-events',
  text: `UPDATE stripe_events SET
    error = $1, claimed_by = NULL, claimed_until = NULL,
    process_after = now() + make_interval(secs => $2::float8)
WHERE id = ANY ($3::text[]) AND claimed_by = $4 AND processed_at IS NULL
RETURNING id`,
  params: ['error', 'retrySeconds', 'eventIds', 'worker'],
  json: [],
  columns: ['id'],
})
