// Written by `npm run gen` from forget-events.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'

/**
 * Removes events that were worked on long ago: Stripe itself keeps them for 30 days.
 */
export const forgetEvents = statement<
  { ageSeconds: number },
  { id: string }
>({
  name: 'forget-events',
  text: `DELETE FROM stripe_events
WHERE received_at < now() - make_interval(secs => $1::float8) AND processed_at IS NOT NULL
RETURNING id`,
  params: ['ageSeconds'],
  json: [],
  columns: ['id'],
})
