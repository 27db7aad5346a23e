// Written by `npm run gen` from receive-event.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'

/**
 * Puts an event into the inbox. No row: it is there already, which is no matter.
 */
export const receiveEvent = statement<
  { eventId: string; type: string; isLive: boolean; payload: unknown; createdAt: Date; customerId: string | null; source: string },
  { id: string }
>({
  name: 'receive-event',
  text: `INSERT INTO stripe_events (id, type, livemode, payload, created_at, customer_id, source)
VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7)
ON CONFLICT (id) DO NOTHING
RETURNING id`,
  params: ['eventId', 'type', 'isLive', 'payload', 'createdAt', 'customerId', 'source'],
  json: ['payload'],
  columns: ['id'],
})
