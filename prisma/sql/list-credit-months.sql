-- Of organisations that ever had credit: what they have in the ledger of it, and what they used in each month since the
-- first was given of which the ledger does not say yet how much of it was paid by credit, up to the present one. By
-- organisation and month. A null organisation is all of them.
--
-- @nullable orgId
WITH held AS (
    SELECT c.org_id, sum(c.amount_cents)::float8 AS balance_cents, date_trunc('month', min(c.created_at), 'UTC') AS since
    FROM credit_entries c JOIN organizations o ON o.id = c.org_id
    WHERE :orgId::text IS NULL OR c.org_id = :orgId::text
    GROUP BY c.org_id
), months AS (
    SELECT org_id, balance_cents, month_start, to_char(month_start AT TIME ZONE 'UTC', 'YYYY-MM') AS month
    FROM held, generate_series(least(since, :now::timestamptz), :now::timestamptz, '1 month', 'UTC') AS month_start
)
SELECT
    m.org_id AS "org_id!", m.month AS "month!", m.balance_cents AS "balance_cents!",
    coalesce(used.cpu, 0)::float8 AS "cpu!", coalesce(used.memory, 0)::float8 AS "memory!",
    coalesce(used.storage, 0)::float8 AS "storage!"
FROM months m LEFT JOIN LATERAL (
    SELECT sum(u.cpu_milli_seconds) AS cpu, sum(u.memory_mib_seconds) AS memory, sum(u.storage_mib_seconds) AS storage
    FROM usage_hours u
    WHERE u.org_id = m.org_id AND u.hour >= m.month_start
        AND u.hour < (m.month_start AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC'
) AS used ON true
WHERE NOT EXISTS (SELECT FROM credit_entries c WHERE c.org_id = m.org_id AND c.month = m.month)
ORDER BY m.org_id, m.month
