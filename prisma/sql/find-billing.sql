-- Everything that the page about paying shows of an organisation and that is ours to say. No row: there is none.
SELECT
    o.id AS "org_id!", o.name AS "org_name!", o.plan_id AS "plan_id!", o.plan_chosen_at, o.stripe_customer_id,
    o.billing_stage AS "billing_stage!", o.billing_stage_since AS "billing_stage_since!", o.billing_next_stage, o.billing_next_at, o.billing_why,
    o.deployments_used AS "deployments_used!", coalesce(o.deployments_limit, p.deployments_limit) AS deployments_limit,
    o.members_used AS "members_used!", coalesce(o.members_limit, p.members_limit) AS members_limit,
    o.teams_used AS "teams_used!", coalesce(o.teams_limit, p.teams_limit) AS teams_limit,
    o.domains_used AS "domains_used!", coalesce(o.domains_limit, p.domains_limit) AS domains_limit,
    s.stripe_subscription_id AS "subscription_id?", s.status AS "status?", s.plan_id AS "subscription_plan_id?",
    s.interval AS "interval?", s.currency AS "currency?", s.current_period_end AS "current_period_end?",
    s.cancel_at_period_end AS "cancel_at_period_end?", s.cancel_at AS "cancel_at?", s.trial_end AS "trial_end?",
    (
        SELECT u.email FROM org_members m JOIN users u ON u.id = m.user_id
        WHERE m.org_id = o.id AND m.role = 'org_owner'
    ) AS "owner_email?"
FROM organizations o
    JOIN plans p ON p.id = o.plan_id
    LEFT JOIN subscriptions s ON s.org_id = o.id
WHERE o.id = :orgId
