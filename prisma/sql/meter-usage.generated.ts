// Written by `npm run gen` from meter-usage.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type OrgId, type TeamId, type DeploymentId } from '../../src/contract/ids.ts'

/**
 * Moves the meter of a deployment on and enters the hours that it passed, in one step: whoever dies before it has done
 * nothing, and of two that come from the same place one does nothing. No row: somebody else was quicker.
 */
export const meterUsage = statement<
  { deploymentId: DeploymentId; resourceUid: string; until: Date; cpu: number; memory: number; storage: number; closedAt: Date | null; expectedUntil: Date | null; expectedUid: string | null; orgId: OrgId; teamId: TeamId; displayName: string; hours: Date[]; cpus: number[]; memories: number[]; storages: number[] },
  { deploymentId: DeploymentId }
>({
  name: 'meter-usage',
  text: `WITH moved AS (
    INSERT INTO usage_meters AS m (
        deployment_id, resource_uid, metered_until, cpu_milli_seconds, memory_mib_seconds, storage_mib_seconds,
        closed_at
    )
    SELECT $1, $2, $3::timestamptz, $4::float8, $5::float8, $6::float8,
        $7::timestamptz
    ON CONFLICT (deployment_id) DO UPDATE SET
        resource_uid = excluded.resource_uid, metered_until = excluded.metered_until,
        cpu_milli_seconds = excluded.cpu_milli_seconds, memory_mib_seconds = excluded.memory_mib_seconds,
        storage_mib_seconds = excluded.storage_mib_seconds, closed_at = excluded.closed_at
    WHERE m.metered_until = $8::timestamptz AND m.resource_uid = $9::text
        AND m.closed_at IS NULL
    RETURNING deployment_id
), entered AS (
    INSERT INTO usage_hours (
        deployment_id, hour, org_id, team_id, display_name,
        cpu_milli_seconds, memory_mib_seconds, storage_mib_seconds
    )
    SELECT moved.deployment_id, h.hour, $10, $11, $12, h.cpu, h.memory, h.storage
    FROM moved, unnest($13::timestamptz[], $14::float8[], $15::float8[], $16::float8[])
        AS h (hour, cpu, memory, storage)
)
SELECT deployment_id FROM moved`,
  params: ['deploymentId', 'resourceUid', 'until', 'cpu', 'memory', 'storage', 'closedAt', 'expectedUntil', 'expectedUid', 'orgId', 'teamId', 'displayName', 'hours', 'cpus', 'memories', 'storages'],
  json: [],
  columns: ['deploymentId'],
})
