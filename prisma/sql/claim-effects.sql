-- Gives a worker effects that are due, the one that waits longest first. Each is its alone for `leaseSeconds`, in which
-- it says what came of it (mark-effect-done.sql, mark-effect-failed.sql); a worker that dies loses its claim by that
-- time, and the effect is tried again.
WITH due AS (
    SELECT id FROM outbox
    WHERE done_at IS NULL AND given_up_at IS NULL AND kind = ANY(:kinds::text[])
        -- Stamps are rounded to milliseconds, perhaps upwards.
        AND send_after <= now() + interval '1 millisecond' AND (claimed_until IS NULL OR claimed_until < now())
    ORDER BY send_after
    LIMIT :limit::int
    FOR UPDATE SKIP LOCKED
)
UPDATE outbox o SET
    claimed_by = :worker, claimed_until = now() + make_interval(secs => :leaseSeconds::float8),
    attempts = o.attempts + 1
FROM due WHERE o.id = due.id
RETURNING o.id, o.kind, o.payload, o.attempts, extract(epoch FROM now() - o.created_at)::float8 AS "age_seconds!"
