-- Stripe's own list of events was read up to here; never back.
INSERT INTO stripe_listings (id, seen_until) VALUES (1, :seenUntil)
ON CONFLICT (id) DO UPDATE SET seen_until = greatest(stripe_listings.seen_until, excluded.seen_until)
RETURNING seen_until
