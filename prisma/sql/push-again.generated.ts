// Written by `npm run gen` from push-again.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type TeamId, type DeploymentId } from '../../src/contract/ids.ts'

/**
 * Has the custom resource of a deployment written again, because somebody asks for it. Answers with no row when there is
 * no such deployment (any more). It counts as changed now: a report that is asked before the push is done does not
 * call it lost again.
 */
export const pushAgain = statement<
  { deploymentId: DeploymentId; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; detail: unknown; requestId: string | null; ip: string | null; userAgent: string | null },
  { deploymentId: DeploymentId; teamId: TeamId }
>({
  name: 'push-again',
  text: `WITH pushed AS (
    UPDATE deployments SET
        pushed_generation = least(pushed_generation, generation - 1), push_after = now(), push_attempts = 0,
        push_error = NULL, updated_at = now()
    WHERE id = $1 AND deleted_at IS NULL AND removed_at IS NULL
    RETURNING id, org_id, team_id, display_name
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name,
        detail, request_id, ip, user_agent)
    SELECT $2, org_id, team_id, $3, $4, $5, $6, 'garbage:repair', id, display_name,
        $7::jsonb,
        $8, $9, $10
    FROM pushed
)
SELECT id AS deployment_id, team_id FROM pushed`,
  params: ['deploymentId', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'detail', 'requestId', 'ip', 'userAgent'],
  json: ['detail'],
  columns: ['deploymentId', 'teamId'],
})
