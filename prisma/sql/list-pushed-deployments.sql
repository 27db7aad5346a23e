-- One page, by id, of what the cluster should hold: for the full scan that finds drift, and deployments whose
-- deletion the cluster has confirmed meanwhile.
--
-- @nullable after
SELECT id AS deployment_id, name AS deployment_name, owner_id, org_id, pushed_generation, generation, deleted_at
FROM deployments
WHERE removed_at IS NULL AND pushed_generation = generation AND id > coalesce(:after::text, '')
ORDER BY id
LIMIT :limit::int
