-- Puts events into the inbox, in one statement however many they are. Those that are there already stay as they are,
-- which is no matter. @returns the new ones
--
-- @type events { id: string; type: string; isLive: boolean; createdAt: Date; customerId?: string | undefined; payload: Readonly<Record<string, unknown>> }[]
INSERT INTO stripe_events (id, type, livemode, payload, created_at, customer_id, source)
SELECT id, type, "isLive", payload, "createdAt", "customerId", :source
FROM jsonb_to_recordset(:events::jsonb) AS given (
    id text, type text, "isLive" boolean, payload jsonb, "createdAt" timestamptz, "customerId" text
)
-- Two servers that list the same events wait for each other in one order.
ORDER BY id
ON CONFLICT (id) DO NOTHING
RETURNING id
