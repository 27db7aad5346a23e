-- All that a comparison holds against Stripe and the cluster, and against what is counted (as check-counters.sql does),
-- one row an organisation.
SELECT
    o.id AS "org_id!", o.name AS "org_name!", o.plan_id AS "plan_id!", o.stripe_customer_id AS "customer_id?",
    (o.suspended_at IS NOT NULL OR o.budget_stopped_at IS NOT NULL
        OR o.billing_stage IN ('suspended', 'removing', 'removed')) AS "may_not_run!",
    EXISTS (
        SELECT FROM deployments d WHERE d.org_id = o.id AND d.removed_at IS NULL AND d.pushed_generation < d.generation
    ) AS "is_being_pushed!",
    s.stripe_subscription_id AS "subscription_id?", s.status AS "status?", s.price_id AS "price_id?",
    s.plan_id AS "subscribed_plan_id?",
    o.deployments_used AS "deployments_used!", o.members_used AS "members_used!", o.teams_used AS "teams_used!",
    o.domains_used AS "domains_used!",
    (SELECT count(*)::int FROM deployments d WHERE d.org_id = o.id AND d.removed_at IS NULL) AS "deployments_counted!",
    (SELECT count(*)::int FROM org_members m WHERE m.org_id = o.id) AS "members_counted!",
    (SELECT count(*)::int FROM teams t WHERE t.org_id = o.id) AS "teams_counted!",
    (
        SELECT count(*)::int FROM host_names h JOIN deployments d ON d.id = h.deployment_id
        WHERE d.org_id = o.id AND d.removed_at IS NULL AND h.released_generation IS NULL
    ) AS "domains_counted!"
FROM organizations o LEFT JOIN subscriptions s ON s.org_id = o.id
ORDER BY o.id
