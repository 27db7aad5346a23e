-- The session was used: moves its idle expiry, never beyond the absolute one. Answers with no row when it is gone.
UPDATE sessions SET last_seen_at = :now, idle_expires_at = least(:idleExpiresAt::timestamptz, absolute_expires_at)
WHERE id = :sessionId
RETURNING id AS session_id, idle_expires_at
