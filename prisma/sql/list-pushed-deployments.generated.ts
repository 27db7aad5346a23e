// Written by `npm run gen` from list-pushed-deployments.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type UserId, type OrgId, type DeploymentId } from '../../src/contract/ids.ts'
import { type ResourceName } from '../../src/contract/names.ts'

/**
 * One page, by id, of what the cluster should hold: for the full scan that finds drift, and deployments whose
 * deletion the cluster has confirmed meanwhile.
 */
export const listPushedDeployments = statement<
  { after: string | null; limit: number },
  { deploymentId: DeploymentId; deploymentName: ResourceName; ownerId: UserId; orgId: OrgId; pushedGeneration: number; generation: number; deletedAt: Date | null }
>({
  name: 'list-pushed-deployments',
  text: `SELECT id AS deployment_id, name AS deployment_name, owner_id, org_id, pushed_generation, generation, deleted_at
FROM deployments
WHERE removed_at IS NULL AND pushed_generation = generation AND id > coalesce($1::text, '')
ORDER BY id
LIMIT $2::int`,
  params: ['after', 'limit'],
  json: [],
  columns: ['deploymentId', 'deploymentName', 'ownerId', 'orgId', 'pushedGeneration', 'generation', 'deletedAt'],
})
