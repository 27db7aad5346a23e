// Written by `npm run gen` from suspend-deployment.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type TeamId, type DeploymentId } from '../../src/contract/ids.ts'

/**
 * Stops the pods of a deployment, or lets them run again: a new generation of the same revision. What stands so
 * already is left as it is, without a row in the audit.
 */
export const suspendDeployment = statement<
  { suspended: boolean; deploymentId: DeploymentId; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null; activityId: Id<'act'>; activityKind: 'suspended' | 'resumed' },
  { teamId: TeamId; revision: number; generation: number; isDeleted: boolean; isChanged: boolean }
>({
  name: 'suspend-deployment',
  text: `WITH changed AS (
    UPDATE deployments SET
        suspended = $1, generation = generation + 1, updated_at = now(),
        push_after = now(), push_attempts = 0, push_error = NULL
    WHERE id = $2 AND deleted_at IS NULL AND suspended <> $1
    RETURNING id, org_id, team_id, display_name, generation, current_revision
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name,
        detail, changes, request_id, ip, user_agent)
    SELECT $3, org_id, team_id, $4, $5, $6, $7, 'deployment:suspend', id, display_name,
        jsonb_build_object('suspended', $1::boolean),
        jsonb_build_object('suspended', jsonb_build_object('from', NOT $1::boolean, 'to', $1::boolean)),
        $8, $9, $10
    FROM changed
), told AS (
    INSERT INTO activity (id, deployment_id, kind, actor_id, actor_name, revision)
    SELECT $11, id, $12, coalesce($7, $5), $6, current_revision FROM changed
)
SELECT
    d.team_id AS team_id, d.current_revision AS revision, coalesce(changed.generation, d.generation) AS generation,
    d.deleted_at IS NOT NULL AS is_deleted, changed.id IS NOT NULL AS is_changed
FROM deployments d LEFT JOIN changed ON true
WHERE d.id = $2 AND d.removed_at IS NULL`,
  params: ['suspended', 'deploymentId', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent', 'activityId', 'activityKind'],
  json: [],
  columns: ['teamId', 'revision', 'generation', 'isDeleted', 'isChanged'],
})
