-- What deployments used, hour by hour, what an organisation may spend in a month, and what the comparison of Stripe,
-- rows and cluster found. What schema.prisma says comes first; what Prisma cannot say comes after "Rules".

ALTER TABLE organizations ADD COLUMN budget_stopped_at TIMESTAMPTZ(3);

CREATE TABLE usage_meters (
    deployment_id TEXT NOT NULL,
    resource_uid TEXT NOT NULL,
    metered_until TIMESTAMPTZ(3) NOT NULL,
    cpu_milli_seconds BIGINT NOT NULL DEFAULT 0,
    memory_mib_seconds BIGINT NOT NULL DEFAULT 0,
    storage_mib_seconds BIGINT NOT NULL DEFAULT 0,
    closed_at TIMESTAMPTZ(3),

    CONSTRAINT usage_meters_pkey PRIMARY KEY (deployment_id)
);

CREATE TABLE usage_hours (
    deployment_id TEXT NOT NULL,
    hour TIMESTAMPTZ(3) NOT NULL,
    org_id TEXT NOT NULL,
    team_id TEXT NOT NULL,
    display_name TEXT NOT NULL,
    cpu_milli_seconds BIGINT NOT NULL,
    memory_mib_seconds BIGINT NOT NULL,
    storage_mib_seconds BIGINT NOT NULL,

    CONSTRAINT usage_hours_pkey PRIMARY KEY (deployment_id, hour)
);
CREATE INDEX usage_hours_org_id_hour_idx ON usage_hours(org_id, hour);

CREATE TABLE budgets (
    org_id TEXT NOT NULL,
    amount_cents INTEGER NOT NULL,
    stops BOOLEAN NOT NULL DEFAULT false,
    warned_month TEXT,
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT budgets_pkey PRIMARY KEY (org_id)
);
ALTER TABLE budgets ADD CONSTRAINT budgets_org_id_fkey
    FOREIGN KEY (org_id) REFERENCES organizations(id) ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE comparisons (
    id TEXT NOT NULL,
    taken_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    report JSONB NOT NULL,

    CONSTRAINT comparisons_pkey PRIMARY KEY (id)
);
CREATE INDEX comparisons_taken_at_idx ON comparisons(taken_at DESC);

-- Rules ───────────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE usage_hours ADD CONSTRAINT usage_hours_hour_check
    CHECK (hour = date_trunc('hour', hour, 'UTC'));
ALTER TABLE budgets ADD CONSTRAINT budgets_amount_check CHECK (amount_cents >= 0);
ALTER TABLE budgets ADD CONSTRAINT budgets_month_check CHECK (warned_month ~ '^\d{4}-\d{2}$');

-- A ledger: what is in it stays as it was written, and an hour of a deployment is in it once. The application's role may
-- add and read; the triggers stand behind that, for roles that no grant binds.
REVOKE UPDATE, DELETE, TRUNCATE ON usage_hours FROM PUBLIC;
DO $$ BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON usage_hours FROM %I', current_user);
END $$;
CREATE TRIGGER usage_hours_immutable BEFORE UPDATE OR DELETE ON usage_hours
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER usage_hours_no_truncate BEFORE TRUNCATE ON usage_hours
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
