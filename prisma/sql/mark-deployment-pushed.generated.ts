// Written by `npm run gen` from mark-deployment-pushed.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type DeploymentId } from '../../src/contract/ids.ts'

/**
 * The custom resource was written from this generation. Ends the worker's claim, and frees the host names that the
 * resource no longer has. Whoever asks for the same generation again, because a plan has changed, sets the attempts back:
 * what was claimed before that is written once more. Answers with the generation that is wanted by now, or with no row
 * when the claim had passed to another worker, which will write the resource again.
 */
export const markDeploymentPushed = statement<
  { generation: number; deploymentId: DeploymentId; worker: string },
  { generation: number }
>({
  name: 'mark-deployment-pushed',
  text: `WITH pushed AS (
    UPDATE deployments SET
        pushed_generation = CASE
            WHEN push_attempts = 0 AND generation = $1::int THEN pushed_generation
            ELSE greatest(pushed_generation, $1::int)
        END,
        push_error = NULL, push_attempts = 0, push_claimed_by = NULL, push_claimed_until = NULL
    WHERE id = $2 AND push_claimed_by = $3 AND $1::int <= generation
    RETURNING id, generation
), freed AS (
    DELETE FROM host_names h USING pushed
    WHERE h.deployment_id = pushed.id AND h.released_generation <= $1::int
)
SELECT generation FROM pushed`,
  params: ['generation', 'deploymentId', 'worker'],
  json: [],
  columns: ['generation'],
})
