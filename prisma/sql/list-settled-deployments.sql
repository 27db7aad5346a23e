-- One page, by id, of deployments that should be in the cluster and were not touched for a while.
--
-- @nullable after
SELECT
    d.id AS deployment_id, d.name AS deployment_name, d.display_name, d.owner_id, d.org_id, o.name AS org_name,
    d.updated_at
FROM deployments d JOIN organizations o ON o.id = d.org_id
WHERE d.removed_at IS NULL AND d.deleted_at IS NULL AND d.id > coalesce(:after::text, '')
    AND d.updated_at < now() - make_interval(secs => :graceSeconds::float8)
ORDER BY d.id
LIMIT :limit::int
