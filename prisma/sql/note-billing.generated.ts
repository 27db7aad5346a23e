// Written by `npm run gen` from note-billing.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type OrgId } from '../../src/contract/ids.ts'

/**
 * What an owner has just done at Stripe is written down, with the customer it was done as, and the turn to do it is given
 * back. No row: the organisation is gone.
 */
export const noteBilling = statement<
  { customerId: string | null; orgId: OrgId; claimedBy: string; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; detail: { did: 'checkout' | 'portal' | 'change' | 'cancel' | 'resume'; plan: string | null; interval: string | null }; requestId: string | null; ip: string | null; userAgent: string | null },
  { orgId: OrgId }
>({
  name: 'note-billing',
  text: `WITH org AS (
    UPDATE organizations SET
        stripe_customer_id = coalesce($1, stripe_customer_id), plan_chosen_at = coalesce(plan_chosen_at, now())
    WHERE id = $2
    RETURNING id, name
), freed AS (
    DELETE FROM checkout_turns t USING org WHERE t.org_id = org.id AND t.claimed_by = $3
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT $4, id, $5, $6, $7, $8, 'billing:manage', id, name,
        $9::jsonb, $10, $11, $12
    FROM org
)
SELECT id AS org_id FROM org`,
  params: ['customerId', 'orgId', 'claimedBy', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'detail', 'requestId', 'ip', 'userAgent'],
  json: ['detail'],
  columns: ['orgId'],
})
