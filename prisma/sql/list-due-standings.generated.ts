// Written by `npm run gen` from list-due-standings.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type OrgId } from '../../src/contract/ids.ts'
import { type SubscriptionStatus, type BillingInterval } from '../../src/ports/stripe/port.ts'

/**
 * Organisations whose stage is over by time, and where billing is off all that are not whole; with the subscription that
 * it is judged by.
 */
export const listDueStandings = statement<
  { isBillingEnabled: boolean; now: Date; limit: number },
  { orgId: OrgId; ticket: number; stage: 'full' | 'banner' | 'frozen' | 'suspended' | 'removing' | 'removed'; stageSince: Date; subscriptionId: string | null; status: SubscriptionStatus | null; priceId: string | null; interval: BillingInterval | null; currency: string | null; stripeCreatedAt: Date | null; currentPeriodEnd: Date | null; cancelAtPeriodEnd: boolean | null; cancelAt: Date | null; endedAt: Date | null; trialEnd: Date | null; unpaidSince: Date | null }
>({
  name: 'list-due-standings',
  text: `SELECT o.id AS org_id, o.billing_ticket::float8 AS ticket, o.billing_stage AS stage,
    o.billing_stage_since AS stage_since,
    s.stripe_subscription_id AS subscription_id, s.status AS status, s.price_id AS price_id,
    s.interval AS interval, s.currency AS currency, s.stripe_created_at AS stripe_created_at,
    s.current_period_end AS current_period_end, s.cancel_at_period_end AS cancel_at_period_end,
    s.cancel_at AS cancel_at, s.ended_at AS ended_at, s.trial_end AS trial_end,
    s.unpaid_since AS unpaid_since
FROM organizations o LEFT JOIN subscriptions s ON s.org_id = o.id
WHERE CASE WHEN $1::boolean THEN o.billing_next_at <= $2::timestamptz ELSE o.billing_stage <> 'full' END
ORDER BY o.billing_next_at
LIMIT $3::int`,
  params: ['isBillingEnabled', 'now', 'limit'],
  json: [],
  columns: ['orgId', 'ticket', 'stage', 'stageSince', 'subscriptionId', 'status', 'priceId', 'interval', 'currency', 'stripeCreatedAt', 'currentPeriodEnd', 'cancelAtPeriodEnd', 'cancelAt', 'endedAt', 'trialEnd', 'unpaidSince'],
})
