-- The effect has happened; a worker whose claim has passed to another says nothing.
UPDATE outbox SET done_at = now(), error = NULL, claimed_by = NULL, claimed_until = NULL
WHERE id = :id AND claimed_by = :worker
RETURNING id
