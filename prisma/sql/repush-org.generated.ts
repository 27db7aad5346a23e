// Written by `npm run gen` from repush-org.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type OrgId, type DeploymentId } from '../../src/contract/ids.ts'

/**
 * Has all custom resources of an organisation written again, and the labels of their namespaces with them.
 */
export const repushOrg = statement<
  { orgId: OrgId },
  { deploymentId: DeploymentId }
>({
  name: 'repush-org',
  text: `UPDATE deployments SET pushed_generation = least(pushed_generation, generation - 1), push_after = now(), push_attempts = 0
WHERE org_id = $1 AND removed_at IS NULL
RETURNING id AS deployment_id`,
  params: ['orgId'],
  json: [],
  columns: ['deploymentId'],
})
