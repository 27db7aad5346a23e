// Written by `npm run gen` from restart-deployment.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type DeploymentId } from '../../src/contract/ids.ts'

/**
 * Asks for new pods without a change of the configuration: a new generation of the same revision.
 */
export const restartDeployment = statement<
  { deploymentId: DeploymentId; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null; activityId: Id<'act'> },
  { generation: number; restartedAt: Date }
>({
  name: 'restart-deployment',
  text: `WITH restarted AS (
    UPDATE deployments SET
        generation = generation + 1, restarted_at = now(), updated_at = now(),
        push_after = now(), push_attempts = 0, push_error = NULL
    WHERE id = $1 AND deleted_at IS NULL
    RETURNING id, org_id, team_id, display_name, generation, current_revision, restarted_at
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name,
        request_id, ip, user_agent)
    SELECT $2, org_id, team_id, $3, $4, $5, $6, 'deployment:restart', id, display_name,
        $7, $8, $9
    FROM restarted
), told AS (
    INSERT INTO activity (id, deployment_id, kind, actor_id, actor_name, revision)
    SELECT $10, id, 'restarted', coalesce($6, $4), $5, current_revision FROM restarted
)
SELECT generation, restarted_at AS restarted_at FROM restarted`,
  params: ['deploymentId', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent', 'activityId'],
  json: [],
  columns: ['generation', 'restartedAt'],
})
