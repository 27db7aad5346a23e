-- Removes events that were worked on long ago: Stripe itself keeps them for 30 days.
DELETE FROM stripe_events
WHERE received_at < now() - make_interval(secs => :ageSeconds::float8) AND processed_at IS NOT NULL
RETURNING id
