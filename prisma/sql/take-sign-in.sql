-- Somebody comes back from the issuer: the sign-in that the browser's cookie names is used up. However often it is
-- asked for at the same time, one asker gets `taken`.
--
-- @type outcome 'taken' | 'unknown' | 'expired' | 'used'
WITH found AS (
    SELECT redirect, expires_at FROM sign_in_attempts WHERE handle_hash = :handleHash
), taken AS (
    UPDATE sign_in_attempts SET used_at = :now
    WHERE handle_hash = :handleHash AND used_at IS NULL AND expires_at > :now
    RETURNING redirect
)
SELECT
    CASE
        WHEN EXISTS (SELECT FROM taken) THEN 'taken'
        WHEN NOT EXISTS (SELECT FROM found) THEN 'unknown'
        WHEN (SELECT expires_at FROM found) <= :now THEN 'expired'
        -- Also when it was taken by another one since this statement began.
        ELSE 'used'
    END AS "outcome!",
    (SELECT redirect FROM found) AS redirect
