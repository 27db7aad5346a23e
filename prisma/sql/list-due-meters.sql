-- One page, by id, of the deployments whose usage before `until` is not in the ledger yet, each with its meter where it
-- has one; of the organisations that are named, or of all. What was deleted is settled with its deletion.
--
-- @nullable after orgIds
SELECT
    d.id AS "deployment_id!", d.name AS "deployment_name!", d.owner_id AS "owner_id!", d.org_id AS "org_id!", d.team_id AS "team_id!", d.display_name AS "display_name!",
    m.resource_uid AS "resource_uid?", m.metered_until AS "metered_until?",
    m.cpu_milli_seconds::float8 AS "cpu_milli_seconds?", m.memory_mib_seconds::float8 AS "memory_mib_seconds?",
    m.storage_mib_seconds::float8 AS "storage_mib_seconds?"
FROM deployments d LEFT JOIN usage_meters m ON m.deployment_id = d.id
WHERE d.deleted_at IS NULL AND d.id > coalesce(:after::text, '')
    AND (:orgIds::text[] IS NULL OR d.org_id = ANY (:orgIds::text[]))
    AND (m.deployment_id IS NULL OR m.metered_until < :until::timestamptz)
ORDER BY d.id
LIMIT :limit::int
