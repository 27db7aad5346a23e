-- Moves the meter of a deployment on and enters the hours that it passed, in one step: whoever dies before it has done
-- nothing, and of two that come from the same place one does nothing. No row: somebody else was quicker.
--
-- @nullable expectedUntil expectedUid closedAt
-- @type hours Date[]
WITH moved AS (
    INSERT INTO usage_meters AS m (
        deployment_id, resource_uid, metered_until, cpu_milli_seconds, memory_mib_seconds, storage_mib_seconds,
        closed_at
    )
    SELECT :deploymentId, :resourceUid, :until::timestamptz, :cpu::float8, :memory::float8, :storage::float8,
        :closedAt::timestamptz
    ON CONFLICT (deployment_id) DO UPDATE SET
        resource_uid = excluded.resource_uid, metered_until = excluded.metered_until,
        cpu_milli_seconds = excluded.cpu_milli_seconds, memory_mib_seconds = excluded.memory_mib_seconds,
        storage_mib_seconds = excluded.storage_mib_seconds, closed_at = excluded.closed_at
    WHERE m.metered_until = :expectedUntil::timestamptz AND m.resource_uid = :expectedUid::text
        AND m.closed_at IS NULL
    RETURNING deployment_id
), entered AS (
    INSERT INTO usage_hours (
        deployment_id, hour, org_id, team_id, display_name,
        cpu_milli_seconds, memory_mib_seconds, storage_mib_seconds
    )
    SELECT moved.deployment_id, h.hour, :orgId, :teamId, :displayName, h.cpu, h.memory, h.storage
    FROM moved, unnest(:hours::timestamptz[], :cpus::float8[], :memories::float8[], :storages::float8[])
        AS h (hour, cpu, memory, storage)
)
SELECT deployment_id FROM moved
