-- What a registry said of a tag, and when it is asked next. Answers with no row when the claim had passed to another
-- worker, whose answer is newer.
--
-- @nullable digest problem
UPDATE watched_images SET
    digest = coalesce(:digest, digest), problem = :problem::text, asked_at = now(),
    attempts = CASE WHEN :problem::text IS NULL THEN 0 ELSE attempts + 1 END,
    ask_after = now() + make_interval(secs => :pauseSeconds::float8), claimed_by = NULL, claimed_until = NULL
WHERE image = :image AND claimed_by = :worker
RETURNING image
