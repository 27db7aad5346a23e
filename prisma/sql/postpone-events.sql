-- Working on events failed: keeps the reason for people, and tries again after a while.
UPDATE stripe_events SET
    error = :error, claimed_by = NULL, claimed_until = NULL,
    process_after = now() + make_interval(secs => :retrySeconds::float8)
WHERE id = ANY (:eventIds::text[]) AND claimed_by = :worker AND processed_at IS NULL
RETURNING id
