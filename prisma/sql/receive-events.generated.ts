// Written by `npm run gen` from receive-events.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'

/**
 * Puts events into the inbox, in one statement however many they are. Those that are there already stay as they are,
 * which is no matter. @returns the new ones
 */
export const receiveEvents = statement<
  { source: string; events: { id: string; type: string; isLive: boolean; createdAt: Date; customerId?: string | undefined; payload: Readonly<Record<string, unknown>> }[] },
  { id: string }
>({
  name: 'receive-events',
  text: `INSERT INTO stripe_events (id, type, livemode, payload, created_at, customer_id, source)
SELECT id, type, "isLive", payload, "createdAt", "customerId", $1
FROM jsonb_to_recordset($2::jsonb) AS given (
    id text, type text, "isLive" boolean, payload jsonb, "createdAt" timestamptz, "customerId" text
)
ORDER BY id
ON CONFLICT (id) DO NOTHING
RETURNING id`,
  params: ['source', 'events'],
  json: ['events'],
  columns: ['id'],
})
