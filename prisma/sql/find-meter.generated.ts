// Written by `npm run gen` from find-meter.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type OrgId, type TeamId, type DeploymentId } from '../../src/contract/ids.ts'

/**
 * The meter of a deployment that is about to be deleted; without values where it was never read.
 */
export const findMeter = statement<
  { deploymentId: DeploymentId },
  { deploymentId: DeploymentId; orgId: OrgId; teamId: TeamId; displayName: string; resourceUid: string | null; meteredUntil: Date | null; cpuMilliSeconds: number | null; memoryMibSeconds: number | null; storageMibSeconds: number | null }
>({
  name: 'find-meter',
  text: `SELECT
    d.id AS deployment_id, d.org_id AS org_id, d.team_id AS team_id, d.display_name AS display_name,
    m.resource_uid AS resource_uid, m.metered_until AS metered_until,
    m.cpu_milli_seconds::float8 AS cpu_milli_seconds, m.memory_mib_seconds::float8 AS memory_mib_seconds,
    m.storage_mib_seconds::float8 AS storage_mib_seconds
FROM deployments d LEFT JOIN usage_meters m ON m.deployment_id = d.id
WHERE d.id = $1 AND m.closed_at IS NULL`,
  params: ['deploymentId'],
  json: [],
  columns: ['deploymentId', 'orgId', 'teamId', 'displayName', 'resourceUid', 'meteredUntil', 'cpuMilliSeconds', 'memoryMibSeconds', 'storageMibSeconds'],
})
