-- What of usage was told to Stripe. What schema.prisma says comes first; what Prisma cannot say comes after "Rules".
CREATE TABLE usage_reports (
    org_id TEXT NOT NULL,
    month TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    customer_id TEXT NOT NULL,
    cents INTEGER NOT NULL,
    used_at TIMESTAMPTZ(3) NOT NULL,
    sent_at TIMESTAMPTZ(3),

    CONSTRAINT usage_reports_pkey PRIMARY KEY (org_id, month, ordinal)
);

-- Rules ───────────────────────────────────────────────────────────────────────────────────────────────────

CREATE INDEX usage_reports_waiting_idx ON usage_reports(used_at) WHERE sent_at IS NULL;
ALTER TABLE usage_reports ADD CONSTRAINT usage_reports_month_check CHECK (month ~ '^\d{4}-\d{2}$');
ALTER TABLE usage_reports ADD CONSTRAINT usage_reports_cents_check CHECK (cents > 0);

-- What an organisation used in each month since credit was first given to it of which the ledger of credit does not say yet
-- how much of it credit paid for, up to the present one.
CREATE FUNCTION open_credit_months(org TEXT, now TIMESTAMPTZ)
RETURNS TABLE (month TEXT, cpu FLOAT8, memory FLOAT8, storage FLOAT8, told_cents FLOAT8)
LANGUAGE sql STABLE AS $$
    SELECT m.month, coalesce(used.cpu, 0)::float8, coalesce(used.memory, 0)::float8, coalesce(used.storage, 0)::float8,
        (SELECT coalesce(sum(r.cents), 0)::float8 FROM usage_reports r WHERE r.org_id = org AND r.month = m.month)
    FROM (
        SELECT begins, to_char(begins AT TIME ZONE 'UTC', 'YYYY-MM') AS month
        FROM (SELECT min(created_at) AS since FROM credit_entries c WHERE c.org_id = org) AS given,
            generate_series(date_trunc('month', least(since, now), 'UTC'), now, '1 month', 'UTC') AS begins
    ) AS m
        LEFT JOIN LATERAL (
            SELECT sum(u.cpu_milli_seconds) AS cpu, sum(u.memory_mib_seconds) AS memory,
                sum(u.storage_mib_seconds) AS storage
            FROM usage_hours u
            WHERE u.org_id = org AND u.hour >= m.begins
                AND u.hour < (m.begins AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC'
        ) AS used ON true
    WHERE NOT EXISTS (SELECT FROM credit_entries c WHERE c.org_id = org AND c.month = m.month)
    ORDER BY m.month
$$;
