-- The custom resource could not be written: ends the worker's claim, keeps the reason for people, and lets nobody
-- try again before the time is over, unless the deployment is changed.
WITH failed AS (
    UPDATE deployments SET
        push_error = :error, push_after = now() + make_interval(secs => :retrySeconds::float8),
        push_claimed_by = NULL, push_claimed_until = NULL
    WHERE id = :deploymentId AND push_claimed_by = :worker
    RETURNING id, push_attempts
)
SELECT id AS deployment_id, push_attempts FROM failed
