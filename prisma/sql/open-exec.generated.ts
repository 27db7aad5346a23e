// Written by `npm run gen` from open-exec.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type DeploymentId } from '../../src/contract/ids.ts'

/**
 * Writes down that somebody opens a terminal in a container of a deployment: in which, and by which command. Answers
 * with no row, and writes none, when the deployment is being deleted.
 */
export const openExec = statement<
  { deploymentId: DeploymentId; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; service: string; pod: string; container: string; command: string; requestId: string | null; ip: string | null; userAgent: string | null },
  { deploymentId: DeploymentId }
>({
  name: 'open-exec',
  text: `WITH opened AS (
    SELECT id, org_id, team_id, display_name FROM deployments WHERE id = $1 AND deleted_at IS NULL
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name,
        detail, request_id, ip, user_agent)
    SELECT $2, org_id, team_id, $3, $4, $5, $6, 'exec:open', id, display_name,
        jsonb_build_object('service', $7::text, 'pod', $8::text, 'container', $9::text, 'command', $10::text),
        $11, $12, $13
    FROM opened
)
SELECT id AS deployment_id FROM opened`,
  params: ['deploymentId', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'service', 'pod', 'container', 'command', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['deploymentId'],
})
