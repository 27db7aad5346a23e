-- Organisations whose stage is over by time, and where billing is off all that are not whole; with the subscription that
-- it is judged by.
--
-- @type stage 'full' | 'banner' | 'frozen' | 'suspended' | 'removing' | 'removed'
-- @type status SubscriptionStatus
-- @type interval BillingInterval
SELECT o.id AS "org_id!", o.billing_ticket::float8 AS "ticket!", o.billing_stage AS "stage!",
    o.billing_stage_since AS "stage_since!",
    s.stripe_subscription_id AS "subscription_id?", s.status AS "status?", s.price_id AS "price_id?",
    s.interval AS "interval?", s.currency AS "currency?", s.stripe_created_at AS "stripe_created_at?",
    s.current_period_end AS "current_period_end?", s.cancel_at_period_end AS "cancel_at_period_end?",
    s.cancel_at AS "cancel_at?", s.ended_at AS "ended_at?", s.trial_end AS "trial_end?",
    s.unpaid_since AS "unpaid_since?"
FROM organizations o LEFT JOIN subscriptions s ON s.org_id = o.id
WHERE CASE WHEN :isBillingEnabled::boolean THEN o.billing_next_at <= :now::timestamptz ELSE o.billing_stage <> 'full' END
ORDER BY o.billing_next_at
LIMIT :limit::int
