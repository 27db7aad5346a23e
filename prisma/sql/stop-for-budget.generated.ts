// Written by `npm run gen` from stop-for-budget.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type OrgId } from '../../src/contract/ids.ts'

/**
 * Stops the deployments of an organisation whose budget is used up, or lets them run again. A trigger
 * (organizations_push) has every custom resource written anew. No row: it is so already.
 */
export const stopForBudget = statement<
  { stopped: boolean; orgId: OrgId; mailId: Id<'out'> | null; payload: unknown; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { orgId: OrgId }
>({
  name: 'stop-for-budget',
  text: `WITH changed AS (
    UPDATE organizations SET
        budget_stopped_at = CASE WHEN $1::boolean THEN now() END, updated_at = now()
    WHERE id = $2 AND (budget_stopped_at IS NOT NULL) <> $1::boolean
    RETURNING id, name
), mail AS (
    INSERT INTO outbox (id, kind, key, payload)
    SELECT $3, 'budget', $3, $4::jsonb FROM changed WHERE $3::text IS NOT NULL
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT $5, id, $6, $7, $8, $9, 'org:suspend', id, name,
        jsonb_build_object('suspended', $1::boolean, 'reason', 'budget'), $10, $11, $12
    FROM changed
)
SELECT id AS org_id FROM changed`,
  params: ['stopped', 'orgId', 'mailId', 'payload', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: ['payload'],
  columns: ['orgId'],
})
