-- The custom resource could not be written: ends the worker's claim, keeps the reason for people, and lets nobody
-- try again before the time is over, unless the deployment is changed. Whoever changed it meanwhile has set the attempts
-- back: this failure says nothing of what is wanted by now.
WITH failed AS (
    UPDATE deployments SET
        push_error = CASE WHEN push_attempts = 0 THEN push_error ELSE :error END,
        push_after = CASE
            WHEN push_attempts = 0 THEN push_after
            ELSE now() + make_interval(secs => :retrySeconds::float8)
        END,
        push_claimed_by = NULL, push_claimed_until = NULL
    WHERE id = :deploymentId AND push_claimed_by = :worker
    RETURNING id, push_attempts
)
SELECT id AS deployment_id, push_attempts FROM failed
