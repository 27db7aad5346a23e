-- Puts an event into the inbox. No row: it is there already, which is no matter.
--
-- @nullable customerId
INSERT INTO stripe_events (id, type, livemode, payload, created_at, customer_id, source)
VALUES (:eventId, :type, :isLive, :payload::jsonb, :createdAt, :customerId, :source)
ON CONFLICT (id) DO NOTHING
RETURNING id
