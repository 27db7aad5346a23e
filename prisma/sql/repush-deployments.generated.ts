// Written by `npm run gen` from repush-deployments.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type DeploymentId } from '../../src/contract/ids.ts'

/**
 * Has custom resources written again that are gone or differ from what was pushed: whoever compares the cluster
 * with the rows calls this for what drifted. Answers with those that will be pushed.
 */
export const repushDeployments = statement<
  { deploymentIds: DeploymentId[] },
  { deploymentId: DeploymentId }
>({
  name: 'repush-deployments',
  text: `UPDATE deployments SET pushed_generation = generation - 1, push_after = now(), push_attempts = 0
WHERE id = ANY ($1::text[]) AND pushed_generation = generation AND removed_at IS NULL
RETURNING id AS deployment_id`,
  params: ['deploymentIds'],
  json: [],
  columns: ['deploymentId'],
})
