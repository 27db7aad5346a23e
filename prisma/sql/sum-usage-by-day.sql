-- What an organisation used on each day (by UTC) of a time; null teams are all of them.
--
-- @nullable teamIds
SELECT
    to_char(hour AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS "day!",
    sum(cpu_milli_seconds)::float8 AS "cpu!", sum(memory_mib_seconds)::float8 AS "memory!",
    sum(storage_mib_seconds)::float8 AS "storage!", max(hour) AS "last_hour!"
FROM usage_hours
WHERE org_id = :orgId AND hour >= :from::timestamptz AND hour < :to::timestamptz
    AND (:teamIds::text[] IS NULL OR team_id = ANY (:teamIds::text[]))
GROUP BY 1 ORDER BY 1
