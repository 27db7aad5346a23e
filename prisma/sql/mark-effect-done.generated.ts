// Written by `npm run gen` from mark-effect-done.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'

/**
 * The effect has happened; a worker whose claim has passed to another says nothing.
 */
export const markEffectDone = statement<
  { id: string; worker: string },
  { id: string }
>({
  name: 'mark-effect-done',
  text: `UPDATE outbox SET done_at = now(), error = NULL, claimed_by = NULL, claimed_until = NULL
WHERE id = $1 AND claimed_by = $2
RETURNING id`,
  params: ['id', 'worker'],
  json: [],
  columns: ['id'],
})
