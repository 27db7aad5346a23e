-- Has custom resources written again that are gone or differ from what was pushed: whoever compares the cluster
-- with the rows calls this for what drifted. Answers with those that will be pushed.
UPDATE deployments SET pushed_generation = generation - 1, push_after = now(), push_attempts = 0
WHERE id = ANY (:deploymentIds::text[]) AND pushed_generation = generation AND removed_at IS NULL
RETURNING id AS deployment_id
