// Written by `npm run gen` from grant-credit.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type OrgId } from '../../src/contract/ids.ts'

/**
 * Gives an organisation credit, or (less than nothing) takes some back. Repeating it with the same id is harmless. No row:
 * there is no such organisation.
 */
export const grantCredit = statement<
  { orgId: OrgId; creditId: string; amountCents: number; reason: string; actorName: string; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { orgId: OrgId }
>({
  name: 'grant-credit',
  text: `WITH place AS (
    SELECT id, name FROM organizations WHERE id = $1
), entered AS (
    INSERT INTO credit_entries (id, org_id, amount_cents, reason, actor_name)
    SELECT $2, id, $3::int, $4, $5 FROM place
    ON CONFLICT (id) DO NOTHING
    RETURNING org_id
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT $6, place.id, $7, $8, $5, $9, 'org:grant-credit', place.id, place.name,
        jsonb_build_object('amountCents', $3::int, 'reason', $4::text), $10, $11, $12
    FROM place JOIN entered ON entered.org_id = place.id
)
SELECT id AS org_id FROM place`,
  params: ['orgId', 'creditId', 'amountCents', 'reason', 'actorName', 'auditId', 'actorKind', 'actorId', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['orgId'],
})
