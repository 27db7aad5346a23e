// Written by `npm run gen` from forget-effects.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'

/**
 * Effects that ended long ago, some at a time.
 */
export const forgetEffects = statement<
  { ageSeconds: number },
  { id: string }
>({
  name: 'forget-effects',
  text: `DELETE FROM outbox WHERE id IN (
    SELECT id FROM outbox
    WHERE coalesce(done_at, given_up_at) < now() - make_interval(secs => $1::float8)
    LIMIT 1000
)
RETURNING id`,
  params: ['ageSeconds'],
  json: [],
  columns: ['id'],
})
