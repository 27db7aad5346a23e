-- The same by deployment, as each was called last; those that are gone too.
--
-- @nullable teamIds
SELECT
    u.deployment_id AS "deployment_id!", (array_agg(u.display_name ORDER BY u.hour DESC))[1] AS "display_name!",
    coalesce(bool_and(d.id IS NULL OR d.deleted_at IS NOT NULL), true) AS "is_gone!",
    sum(u.cpu_milli_seconds)::float8 AS "cpu!", sum(u.memory_mib_seconds)::float8 AS "memory!",
    sum(u.storage_mib_seconds)::float8 AS "storage!"
FROM usage_hours u LEFT JOIN deployments d ON d.id = u.deployment_id
WHERE u.org_id = :orgId AND u.hour >= :from::timestamptz AND u.hour < :to::timestamptz
    AND (:teamIds::text[] IS NULL OR u.team_id = ANY (:teamIds::text[]))
GROUP BY u.deployment_id ORDER BY u.deployment_id
