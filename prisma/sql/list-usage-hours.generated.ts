// Written by `npm run gen` from list-usage-hours.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type OrgId, type TeamId, type DeploymentId } from '../../src/contract/ids.ts'

/**
 * One page of the ledger of an organisation, by hour and deployment, for a file; null teams are all of them.
 */
export const listUsageHours = statement<
  { orgId: OrgId; from: Date; to: Date; teamIds: string[] | null; afterHour: Date | null; afterId: string | null; limit: number },
  { hour: Date; deploymentId: DeploymentId; teamId: TeamId; displayName: string; cpu: number; memory: number; storage: number }
>({
  name: 'list-usage-hours',
  text: `SELECT
    hour, deployment_id, team_id, display_name, cpu_milli_seconds::float8 AS cpu,
    memory_mib_seconds::float8 AS memory, storage_mib_seconds::float8 AS storage
FROM usage_hours
WHERE org_id = $1 AND hour >= $2::timestamptz AND hour < $3::timestamptz
    AND ($4::text[] IS NULL OR team_id = ANY ($4::text[]))
    AND ($5::timestamptz IS NULL OR (hour, deployment_id) > ($5::timestamptz, $6::text))
ORDER BY hour, deployment_id
LIMIT $7::int`,
  params: ['orgId', 'from', 'to', 'teamIds', 'afterHour', 'afterId', 'limit'],
  json: [],
  columns: ['hour', 'deploymentId', 'teamId', 'displayName', 'cpu', 'memory', 'storage'],
})
