-- Deletes sessions that nobody can use any more, a batch at a time.
DELETE FROM sessions
WHERE id IN (
    SELECT id FROM sessions
    -- The idle expiry is never later than the absolute one.
    WHERE idle_expires_at <= :now
    ORDER BY idle_expires_at
    LIMIT :limit::int
    FOR UPDATE SKIP LOCKED
)
RETURNING id AS session_id
