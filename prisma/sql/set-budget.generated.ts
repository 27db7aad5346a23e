// Written by `npm run gen` from set-budget.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type OrgId } from '../../src/contract/ids.ts'

/**
 * Sets what an organisation may spend in a month, or (without an amount) takes the budget away. Another amount is warned
 * of anew. No row: there is no such organisation.
 */
export const setBudget = statement<
  { orgId: OrgId; amountCents: number | null; stops: boolean; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { orgId: OrgId | null }
>({
  name: 'set-budget',
  text: `WITH place AS (
    SELECT id, name FROM organizations WHERE id = $1 FOR NO KEY UPDATE
), before AS (
    SELECT p.id, p.name, b.amount_cents, coalesce(b.stops, false) AS stops
    FROM place p LEFT JOIN budgets b ON b.org_id = p.id
), removed AS (
    DELETE FROM budgets USING place WHERE org_id = place.id AND $2::int IS NULL
), kept AS (
    INSERT INTO budgets AS b (org_id, amount_cents, stops)
    SELECT id, $2::int, $3::boolean FROM place WHERE $2::int IS NOT NULL
    ON CONFLICT (org_id) DO UPDATE SET
        amount_cents = excluded.amount_cents, stops = excluded.stops, updated_at = now(),
        warned_month = CASE WHEN b.amount_cents = excluded.amount_cents THEN b.warned_month END
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT $4, id, $5, $6, $7, $8, 'billing:manage', id, name,
        jsonb_build_object(
            'amountCents', jsonb_build_object('from', amount_cents, 'to', $2::int),
            'stops', jsonb_build_object('from', stops, 'to', $3::boolean)),
        $9, $10, $11
    FROM before
    WHERE amount_cents IS DISTINCT FROM $2::int OR stops <> $3::boolean
)
SELECT id AS org_id FROM before`,
  params: ['orgId', 'amountCents', 'stops', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['orgId'],
})
