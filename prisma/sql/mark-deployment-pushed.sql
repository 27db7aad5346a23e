-- The custom resource was written from this generation. Ends the worker's claim, and frees the host names that the
-- resource no longer has. Whoever asks for the same generation again, because a plan has changed, sets the attempts back:
-- what was claimed before that is written once more. Answers with the generation that is wanted by now, or with no row
-- when the claim had passed to another worker, which will write the resource again.
WITH pushed AS (
    UPDATE deployments SET
        pushed_generation = CASE
            WHEN push_attempts = 0 AND generation = :generation::int THEN pushed_generation
            ELSE greatest(pushed_generation, :generation::int)
        END,
        push_error = NULL, push_attempts = 0, push_claimed_by = NULL, push_claimed_until = NULL
    WHERE id = :deploymentId AND push_claimed_by = :worker AND :generation::int <= generation
    RETURNING id, generation
), freed AS (
    DELETE FROM host_names h USING pushed
    WHERE h.deployment_id = pushed.id AND h.released_generation <= :generation::int
)
SELECT generation FROM pushed
