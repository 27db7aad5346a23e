// Written by `npm run gen` from mark-effect-failed.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'

/**
 * The effect has not happened: keeps the reason for people, and tries again after a while, or never.
 */
export const markEffectFailed = statement<
  { error: string; retrySeconds: number; isFinal: boolean; id: string; worker: string },
  { id: string }
>({
  name: 'mark-effect-failed',
  text: `UPDATE outbox SET
    error = $1, claimed_by = NULL, claimed_until = NULL,
    send_after = now() + make_interval(secs => $2::float8),
    given_up_at = CASE WHEN $3::boolean THEN now() END
WHERE id = $4 AND claimed_by = $5
RETURNING id`,
  params: ['error', 'retrySeconds', 'isFinal', 'id', 'worker'],
  json: [],
  columns: ['id'],
})
