// Written by `npm run gen` from finish-events.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'

/**
 * Events are worked on: says what came of them. A worker whose claim has passed to another says nothing.
 */
export const finishEvents = statement<
  { outcome: string; eventIds: string[]; worker: string },
  { id: string }
>({
  name: 'finish-events',
  text: `UPDATE stripe_events SET
    processed_at = now(), outcome = $1, error = NULL, claimed_by = NULL, claimed_until = NULL
WHERE id = ANY ($2::text[]) AND claimed_by = $3 AND processed_at IS NULL
RETURNING id`,
  params: ['outcome', 'eventIds', 'worker'],
  json: [],
  columns: ['id'],
})
