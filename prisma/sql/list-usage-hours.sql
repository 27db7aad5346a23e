-- One page of the ledger of an organisation, by hour and deployment, for a file; null teams are all of them.
--
-- @nullable teamIds afterHour afterId
SELECT
    hour, deployment_id, team_id, display_name, cpu_milli_seconds::float8 AS "cpu!",
    memory_mib_seconds::float8 AS "memory!", storage_mib_seconds::float8 AS "storage!"
FROM usage_hours
WHERE org_id = :orgId AND hour >= :from::timestamptz AND hour < :to::timestamptz
    AND (:teamIds::text[] IS NULL OR team_id = ANY (:teamIds::text[]))
    AND (:afterHour::timestamptz IS NULL OR (hour, deployment_id) > (:afterHour::timestamptz, :afterId::text))
ORDER BY hour, deployment_id
LIMIT :limit::int
