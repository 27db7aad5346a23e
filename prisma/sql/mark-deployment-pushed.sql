-- The custom resource was written from this generation. Ends the worker's claim, and frees the host names that the
-- resource no longer has. Answers with the generation that is wanted by now, or with no row when the claim had
-- passed to another worker, which will write the resource again.
WITH pushed AS (
    UPDATE deployments SET
        pushed_generation = greatest(pushed_generation, :generation::int), push_error = NULL, push_attempts = 0,
        push_claimed_by = NULL, push_claimed_until = NULL
    WHERE id = :deploymentId AND push_claimed_by = :worker AND :generation::int <= generation
    RETURNING id, generation
), freed AS (
    DELETE FROM host_names h USING pushed
    WHERE h.deployment_id = pushed.id AND h.released_generation <= :generation::int
)
SELECT generation FROM pushed
