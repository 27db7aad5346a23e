-- What an organisation has to its credit. What schema.prisma says comes first; what Prisma cannot say comes after "Rules".
CREATE TABLE credit_entries (
    id TEXT NOT NULL,
    org_id TEXT NOT NULL,
    amount_cents INTEGER NOT NULL,
    month TEXT,
    reason TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT credit_entries_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX credit_entries_org_id_month_key ON credit_entries(org_id, month);

-- Rules ───────────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE credit_entries ADD CONSTRAINT credit_entries_month_check CHECK (month ~ '^\d{4}-\d{2}$');
ALTER TABLE credit_entries ADD CONSTRAINT credit_entries_amount_check
    CHECK (CASE WHEN month IS NULL THEN amount_cents <> 0 ELSE amount_cents <= 0 END);

-- A ledger, as usage_hours is.
REVOKE UPDATE, DELETE, TRUNCATE ON credit_entries FROM PUBLIC;
DO $$ BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON credit_entries FROM %I', current_user);
END $$;
CREATE TRIGGER credit_entries_immutable BEFORE UPDATE OR DELETE ON credit_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER credit_entries_no_truncate BEFORE TRUNCATE ON credit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
