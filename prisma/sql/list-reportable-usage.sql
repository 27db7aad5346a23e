-- Organisations with a customer at Stripe that used something in a month: what it was, what of it was told to Stripe in how
-- many reports, and, where the month is closed, what credit paid for.
SELECT
    o.id AS "org_id!", o.stripe_customer_id AS "customer_id!",
    used.cpu::float8 AS "cpu!", used.memory::float8 AS "memory!", used.storage::float8 AS "storage!",
    coalesce(told.cents, 0)::float8 AS "told_cents!", coalesce(told.reports, 0)::int AS "reports!",
    -c.amount_cents AS "credited_cents?"
FROM organizations o
    JOIN LATERAL (
        SELECT sum(u.cpu_milli_seconds) AS cpu, sum(u.memory_mib_seconds) AS memory,
            sum(u.storage_mib_seconds) AS storage
        FROM usage_hours u
        WHERE u.org_id = o.id AND u.hour >= :from::timestamptz AND u.hour < :to::timestamptz
        HAVING count(*) > 0
    ) AS used ON true
    LEFT JOIN LATERAL (
        SELECT sum(r.cents) AS cents, count(*) AS reports FROM usage_reports r
        WHERE r.org_id = o.id AND r.month = :month
    ) AS told ON true
    LEFT JOIN credit_entries c ON c.org_id = o.id AND c.month = :month
WHERE o.stripe_customer_id IS NOT NULL
ORDER BY o.id
