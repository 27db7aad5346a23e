-- Has all custom resources of an organisation written again, and the labels of their namespaces with them.
UPDATE deployments SET pushed_generation = least(pushed_generation, generation - 1), push_after = now(), push_attempts = 0
WHERE org_id = :orgId AND removed_at IS NULL
RETURNING id AS deployment_id
