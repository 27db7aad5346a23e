-- The effect has not happened: keeps the reason for people, and tries again after a while, or never.
UPDATE outbox SET
    error = :error, claimed_by = NULL, claimed_until = NULL,
    send_after = now() + make_interval(secs => :retrySeconds::float8),
    given_up_at = CASE WHEN :isFinal::boolean THEN now() END
WHERE id = :id AND claimed_by = :worker
RETURNING id
