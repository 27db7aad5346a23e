-- The meter of a deployment that is about to be deleted; without values where it was never read.
SELECT
    d.id AS "deployment_id!", d.org_id AS "org_id!", d.team_id AS "team_id!", d.display_name AS "display_name!",
    m.resource_uid AS "resource_uid?", m.metered_until AS "metered_until?",
    m.cpu_milli_seconds::float8 AS "cpu_milli_seconds?", m.memory_mib_seconds::float8 AS "memory_mib_seconds?",
    m.storage_mib_seconds::float8 AS "storage_mib_seconds?"
FROM deployments d LEFT JOIN usage_meters m ON m.deployment_id = d.id
WHERE d.id = :deploymentId AND m.closed_at IS NULL
