// Written by `npm run gen` from delete-team.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type OrgId, type TeamId } from '../../src/contract/ids.ts'

/**
 * Deletes a team that has no deployments (any more) and is not the default one; what is remembered of removed ones goes
 * with it. The organisation's row is locked first, as by whoever makes a deployment: one made at the same moment
 * violates deployments_team_id_org_id_fkey, on one side or the other.
 */
export const deleteTeam = statement<
  { orgId: OrgId; teamId: TeamId; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { outcome: 'deleted' | 'is_default' | 'has_deployments' | 'no_such_team' }
>({
  name: 'delete-team',
  text: `WITH locked AS (
    SELECT o.id FROM organizations o WHERE o.id = $1 FOR NO KEY UPDATE
), present AS (
    SELECT id, is_default,
        EXISTS (SELECT FROM deployments d WHERE d.team_id = $2 AND d.removed_at IS NULL) AS has_deployments
    FROM teams WHERE id = $2 AND org_id = $1
), gone AS (
    DELETE FROM teams t USING locked, present
    WHERE t.id = present.id AND t.org_id = locked.id AND NOT present.is_default AND NOT present.has_deployments
    RETURNING t.id, t.org_id, t.name
), purged AS (
    DELETE FROM deployments d USING gone WHERE d.team_id = gone.id AND d.removed_at IS NOT NULL
), counted AS (
    UPDATE organizations o SET teams_used = o.teams_used - 1 FROM gone WHERE o.id = gone.org_id
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, request_id, ip, user_agent)
    SELECT $3, org_id, id, $4, $5, $6, $7, 'team:delete', id, name, $8, $9, $10 FROM gone
)
SELECT
    CASE
        WHEN gone.id IS NOT NULL THEN 'deleted'
        WHEN present.is_default THEN 'is_default'
        WHEN present.has_deployments THEN 'has_deployments'
        ELSE 'no_such_team'
    END AS outcome
FROM (SELECT) AS always
    LEFT JOIN gone ON true
    LEFT JOIN present ON true`,
  params: ['orgId', 'teamId', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['outcome'],
})
