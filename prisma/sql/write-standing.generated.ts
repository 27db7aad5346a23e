// Written by `npm run gen` from write-standing.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type OrgId } from '../../src/contract/ids.ts'

/**
 * Writes what Stripe says of an organisation, and what that means for it: its subscription, its plan and its stage, with
 * the letter to its owner. Where pods are to stop, to start, or to be kept apart otherwise, a trigger
 * (organizations_push) has custom resources written anew. A look that began earlier than one whose answer is here already changes nothing. What time alone brings
 * (`isFetched` false) is written by the ticket of the look that it is drawn from, and only while that is the newest.
 *
 * A price of no plan leaves the plan as it is. No row: a newer answer is here, or there is no such organisation.
 */
export const writeStanding = statement<
  { orgId: OrgId; ticket: number; isFetched: boolean; priceId: string | null; grantsPlan: boolean; stage: 'full' | 'banner' | 'frozen' | 'suspended' | 'removing' | 'removed'; now: Date; nextStage: 'full' | 'banner' | 'frozen' | 'suspended' | 'removing' | 'removed' | null; nextAt: Date | null; why: string | null; subscriptionId: string | null; status: string | null; interval: string | null; currency: string | null; stripeCreatedAt: Date | null; currentPeriodEnd: Date | null; cancelAtPeriodEnd: boolean; cancelAt: Date | null; endedAt: Date | null; trialEnd: Date | null; unpaidSince: Date | null; mailId: Id<'out'> | null; auditId: Id<'aud'> },
  { orgId: OrgId; planId: string; oldPlanId: string; stage: 'full' | 'banner' | 'frozen' | 'suspended' | 'removing' | 'removed'; oldStage: 'full' | 'banner' | 'frozen' | 'suspended' | 'removing' | 'removed' }
>({
  name: 'write-standing',
  text: `WITH present AS (
    SELECT o.id, o.plan_id, o.billing_stage, s.status
    FROM organizations o LEFT JOIN subscriptions s ON s.org_id = o.id
    WHERE o.id = $1
        AND (o.billing_ticket < $2::float8::bigint
            OR (NOT $3::boolean AND o.billing_ticket = $2::float8::bigint))
    FOR NO KEY UPDATE OF o
), priced AS (
    SELECT id FROM plans WHERE $4 IN (stripe_price_month, stripe_price_year)
), changed AS (
    UPDATE organizations o SET
        billing_ticket = $2::float8::bigint,
        plan_id = CASE WHEN $5::boolean THEN coalesce((SELECT id FROM priced), o.plan_id) ELSE 'free' END,
        billing_stage = $6,
        billing_stage_since = CASE WHEN o.billing_stage = $6 THEN o.billing_stage_since ELSE $7 END,
        billing_next_stage = $8, billing_next_at = $9, billing_why = $10
    FROM present WHERE o.id = present.id
    RETURNING o.id, o.name, o.plan_id, o.billing_stage, o.billing_why,
        present.plan_id AS old_plan_id, present.billing_stage AS old_stage, present.status AS old_status
), written AS (
    INSERT INTO subscriptions
        (org_id, stripe_subscription_id, plan_id, status, price_id, interval, currency, stripe_created_at,
        current_period_end, cancel_at_period_end, cancel_at, ended_at, trial_end, unpaid_since)
    SELECT changed.id, $11, (SELECT id FROM priced), $12, $4, $13, $14, $15,
        $16, $17::boolean, $18, $19, $20, $21
    FROM changed WHERE $11::text IS NOT NULL
    ON CONFLICT (org_id) DO UPDATE SET
        stripe_subscription_id = excluded.stripe_subscription_id, plan_id = excluded.plan_id, status = excluded.status,
        price_id = excluded.price_id, interval = excluded.interval, currency = excluded.currency,
        stripe_created_at = excluded.stripe_created_at, current_period_end = excluded.current_period_end,
        cancel_at_period_end = excluded.cancel_at_period_end, cancel_at = excluded.cancel_at,
        ended_at = excluded.ended_at, trial_end = excluded.trial_end, unpaid_since = excluded.unpaid_since,
        updated_at = now()
), emptied AS (
    DELETE FROM subscriptions s USING changed WHERE s.org_id = changed.id AND $11::text IS NULL
), mail AS (
    INSERT INTO outbox (id, kind, key, payload)
    SELECT $22, 'billing-step', $22, jsonb_build_object('orgId', id, 'stage', billing_stage)
    FROM changed WHERE $22::text IS NOT NULL AND billing_stage <> old_stage
), audited AS (
    INSERT INTO audit_events (id, org_id, actor_kind, actor_name, action, target_id, target_name, detail, changes)
    SELECT $23, id, 'system', 'Shipyard', 'billing:settled', id, name,
        jsonb_build_object('status', $12::text, 'why', billing_why),
        jsonb_strip_nulls(jsonb_build_object(
            'plan', CASE WHEN plan_id <> old_plan_id THEN jsonb_build_object('from', old_plan_id, 'to', plan_id) END,
            'stage',
            CASE WHEN billing_stage <> old_stage THEN jsonb_build_object('from', old_stage, 'to', billing_stage) END
        ))
    FROM changed
    WHERE plan_id <> old_plan_id OR billing_stage <> old_stage OR old_status IS DISTINCT FROM $12::text
)
SELECT id AS org_id, plan_id AS plan_id, old_plan_id AS old_plan_id, billing_stage AS stage, old_stage AS old_stage FROM changed`,
  params: ['orgId', 'ticket', 'isFetched', 'priceId', 'grantsPlan', 'stage', 'now', 'nextStage', 'nextAt', 'why', 'subscriptionId', 'status', 'interval', 'currency', 'stripeCreatedAt', 'currentPeriodEnd', 'cancelAtPeriodEnd', 'cancelAt', 'endedAt', 'trialEnd', 'unpaidSince', 'mailId', 'auditId'],
  json: [],
  columns: ['orgId', 'planId', 'oldPlanId', 'stage', 'oldStage'],
})
