// Written by `npm run gen` from note-listing.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'

/**
 * Stripe's own list of events was read up to here; never back.
 */
export const noteListing = statement<
  { seenUntil: Date },
  { seenUntil: Date }
>({
  name: 'note-listing',
  text: `INSERT INTO stripe_listings (id, seen_until) VALUES (1, $1)
ON CONFLICT (id) DO UPDATE SET seen_until = greatest(stripe_listings.seen_until, excluded.seen_until)
RETURNING seen_until`,
  params: ['seenUntil'],
  json: [],
  columns: ['seenUntil'],
})
