-- Notes that a key was used, at most once in so long, however many servers see it at the same time.
UPDATE api_keys SET last_used_at = :now
WHERE id = :apiKeyId AND (last_used_at IS NULL OR last_used_at < :unlessAfter)
RETURNING id AS api_key_id
