// Written by `npm run gen` from delete-deployment.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type DeploymentId } from '../../src/contract/ids.ts'

/**
 * Asks for the deletion of a deployment. The row stays, and counts, until the cluster confirms
 * (finish-delete-deployment.sql). Asking again is harmless: `already_deleting`.
 */
export const deleteDeployment = statement<
  { actorName: string; deploymentId: DeploymentId; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null; activityId: Id<'act'> },
  { outcome: 'deleting' | 'already_deleting' | 'no_such_deployment'; generation: number | null }
>({
  name: 'delete-deployment',
  text: `WITH deleting AS (
    UPDATE deployments SET
        generation = generation + 1, deleted_at = now(), deleted_by_name = $1, updated_at = now(),
        push_after = now(), push_attempts = 0, push_error = NULL
    WHERE id = $2 AND deleted_at IS NULL
    RETURNING id, org_id, team_id, display_name, generation
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name,
        request_id, ip, user_agent)
    SELECT $3, org_id, team_id, $4, $5, $1, $6, 'deployment:delete', id, display_name,
        $7, $8, $9
    FROM deleting
), told AS (
    INSERT INTO activity (id, deployment_id, kind, actor_id, actor_name)
    SELECT $10, id, 'delete_requested', coalesce($6, $5), $1 FROM deleting
)
SELECT
    CASE
        WHEN deleting.id IS NOT NULL THEN 'deleting'
        WHEN present.id IS NOT NULL THEN 'already_deleting'
        ELSE 'no_such_deployment'
    END AS outcome,
    coalesce(deleting.generation, present.generation) AS generation
FROM (SELECT) AS always
    LEFT JOIN deleting ON true
    LEFT JOIN deployments present ON present.id = $2 AND present.removed_at IS NULL`,
  params: ['actorName', 'deploymentId', 'auditId', 'actorKind', 'actorId', 'onBehalfOfId', 'requestId', 'ip', 'userAgent', 'activityId'],
  json: [],
  columns: ['outcome', 'generation'],
})
