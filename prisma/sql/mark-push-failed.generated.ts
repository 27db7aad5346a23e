// Written by `npm run gen` from mark-push-failed.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type DeploymentId } from '../../src/contract/ids.ts'

/**
 * The custom resource could not be written: ends the worker's claim, keeps the reason for people, and lets nobody
 * try again before the time is over, unless the deployment is changed. Whoever changed it meanwhile has set the attempts
 * back: this failure says nothing of what is wanted by now.
 */
export const markPushFailed = statement<
  { error: string; retrySeconds: number; deploymentId: DeploymentId; worker: string },
  { deploymentId: DeploymentId; pushAttempts: number }
>({
  name: 'mark-push-failed',
  text: `WITH failed AS (
    UPDATE deployments SET
        push_error = CASE WHEN push_attempts = 0 THEN push_error ELSE $1 END,
        push_after = CASE
            WHEN push_attempts = 0 THEN push_after
            ELSE now() + make_interval(secs => $2::float8)
        END,
        push_claimed_by = NULL, push_claimed_until = NULL
    WHERE id = $3 AND push_claimed_by = $4
    RETURNING id, push_attempts
)
SELECT id AS deployment_id, push_attempts FROM failed`,
  params: ['error', 'retrySeconds', 'deploymentId', 'worker'],
  json: [],
  columns: ['deploymentId', 'pushAttempts'],
})
