// Written by `npm run gen` from list-settled-deployments.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type UserId, type OrgId, type DeploymentId } from '../../src/contract/ids.ts'
import { type ResourceName } from '../../src/contract/names.ts'

/**
 * One page, by id, of deployments that should be in the cluster and were not touched for a while.
 */
export const listSettledDeployments = statement<
  { after: string | null; graceSeconds: number; limit: number },
  { deploymentId: DeploymentId; deploymentName: ResourceName; displayName: string; ownerId: UserId; orgId: OrgId; orgName: string; updatedAt: Date }
>({
  name: 'list-settled-deployments',
  text: `SELECT
    d.id AS deployment_id, d.name AS deployment_name, d.display_name, d.owner_id, d.org_id, o.name AS org_name,
    d.updated_at
FROM deployments d JOIN organizations o ON o.id = d.org_id
WHERE d.removed_at IS NULL AND d.deleted_at IS NULL AND d.id > coalesce($1::text, '')
    AND d.updated_at < now() - make_interval(secs => $2::float8)
ORDER BY d.id
LIMIT $3::int`,
  params: ['after', 'graceSeconds', 'limit'],
  json: [],
  columns: ['deploymentId', 'deploymentName', 'displayName', 'ownerId', 'orgId', 'orgName', 'updatedAt'],
})
