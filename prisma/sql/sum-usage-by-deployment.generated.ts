// Written by `npm run gen` from sum-usage-by-deployment.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type OrgId, type DeploymentId } from '../../src/contract/ids.ts'

/**
 * The same by deployment, as each was called last; those that are gone too.
 */
export const sumUsageByDeployment = statement<
  { orgId: OrgId; from: Date; to: Date; teamIds: string[] | null },
  { deploymentId: DeploymentId; displayName: string; isGone: boolean; cpu: number; memory: number; storage: number }
>({
  name: 'sum-usage-by-deployment',
  text: `SELECT
    u.deployment_id AS deployment_id, (array_agg(u.display_name ORDER BY u.hour DESC))[1] AS display_name,
    coalesce(bool_and(d.id IS NULL OR d.deleted_at IS NOT NULL), true) AS is_gone,
    sum(u.cpu_milli_seconds)::float8 AS cpu, sum(u.memory_mib_seconds)::float8 AS memory,
    sum(u.storage_mib_seconds)::float8 AS storage
FROM usage_hours u LEFT JOIN deployments d ON d.id = u.deployment_id
WHERE u.org_id = $1 AND u.hour >= $2::timestamptz AND u.hour < $3::timestamptz
    AND ($4::text[] IS NULL OR u.team_id = ANY ($4::text[]))
GROUP BY u.deployment_id ORDER BY u.deployment_id`,
  params: ['orgId', 'from', 'to', 'teamIds'],
  json: [],
  columns: ['deploymentId', 'displayName', 'isGone', 'cpu', 'memory', 'storage'],
})
