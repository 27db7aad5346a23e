-- Events are worked on: says what came of them. A worker whose claim has passed to another says nothing.
UPDATE stripe_events SET
    processed_at = now(), outcome = :outcome, error = NULL, claimed_by = NULL, claimed_until = NULL
WHERE id = ANY (:eventIds::text[]) AND claimed_by = :worker AND processed_at IS NULL
RETURNING id
