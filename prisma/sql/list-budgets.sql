-- Organisations with a budget, or stopped by one that they had, each with what it used since the month began, and with
-- what is needed to tell what of it credit pays for. A null organisation is all of them.
--
-- @type creditMonths { month: string; cpu: number; memory: number; storage: number; toldCents: number }[] | null
-- @nullable orgId
SELECT
    o.id AS "org_id!", o.name AS "org_name!", o.budget_stopped_at IS NOT NULL AS "is_stopped!",
    b.amount_cents AS "amount_cents?", coalesce(b.stops, false) AS "stops!", b.warned_month AS "warned_month?",
    coalesce(used.cpu, 0)::float8 AS "cpu!", coalesce(used.memory, 0)::float8 AS "memory!",
    coalesce(used.storage, 0)::float8 AS "storage!",
    (SELECT coalesce(sum(c.amount_cents), 0)::float8 FROM credit_entries c WHERE c.org_id = o.id) AS "balance_cents!",
    (
        SELECT jsonb_agg(
            jsonb_build_object('month', m.month, 'cpu', m.cpu, 'memory', m.memory, 'storage', m.storage,
                'toldCents', m.told_cents)
            ORDER BY m.month)
        FROM open_credit_months(o.id, :now::timestamptz) AS m
    ) AS "credit_months?"
FROM organizations o
    LEFT JOIN budgets b ON b.org_id = o.id
    LEFT JOIN LATERAL (
        SELECT sum(u.cpu_milli_seconds) AS cpu, sum(u.memory_mib_seconds) AS memory,
            sum(u.storage_mib_seconds) AS storage
        FROM usage_hours u WHERE u.org_id = o.id AND u.hour >= :monthStart::timestamptz
    ) AS used ON true
WHERE (b.org_id IS NOT NULL OR o.budget_stopped_at IS NOT NULL) AND (:orgId::text IS NULL OR o.id = :orgId::text)
ORDER BY o.id
