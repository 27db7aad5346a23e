-- Plans in full, chosen host names counted, and what an organisation keeps when its plan becomes smaller. What
-- schema.prisma says comes first; what Prisma cannot say comes after "Rules".

DROP INDEX plans_stripe_price_id_key;
ALTER TABLE plans DROP COLUMN stripe_price_id;
ALTER TABLE plans ADD COLUMN domains_limit INTEGER;
ALTER TABLE plans ADD COLUMN agent_tasks_limit INTEGER;
ALTER TABLE plans ADD COLUMN log_retention_days INTEGER NOT NULL DEFAULT 1;
ALTER TABLE plans ADD COLUMN templates TEXT NOT NULL DEFAULT 'system';
ALTER TABLE plans ADD COLUMN quota JSONB NOT NULL DEFAULT '{}';
ALTER TABLE plans ADD COLUMN trial_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE plans ADD COLUMN stripe_price_month TEXT;
ALTER TABLE plans ADD COLUMN stripe_price_year TEXT;
CREATE UNIQUE INDEX plans_stripe_price_month_key ON plans(stripe_price_month);
CREATE UNIQUE INDEX plans_stripe_price_year_key ON plans(stripe_price_year);

ALTER TABLE organizations ADD COLUMN domains_used INTEGER NOT NULL DEFAULT 0;
ALTER TABLE organizations ADD COLUMN domains_limit INTEGER;
ALTER TABLE organizations ADD COLUMN plan_chosen_at TIMESTAMPTZ(3);
UPDATE organizations o SET plan_chosen_at = o.created_at, domains_used = (
    SELECT count(*) FROM host_names h JOIN deployments d ON d.id = h.deployment_id
    WHERE d.org_id = o.id AND d.removed_at IS NULL AND h.released_generation IS NULL
);

ALTER TABLE deployments ADD COLUMN held BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE deployments ADD COLUMN kept_first BOOLEAN NOT NULL DEFAULT false;

CREATE TABLE checkout_turns (
    org_id TEXT NOT NULL,
    claimed_by TEXT NOT NULL,
    claimed_until TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT checkout_turns_pkey PRIMARY KEY (org_id)
);
ALTER TABLE checkout_turns ADD CONSTRAINT checkout_turns_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id) ON DELETE CASCADE ON UPDATE CASCADE;

-- Rules ───────────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE plans ADD CONSTRAINT plans_more_limits_check
    CHECK (domains_limit >= 0 AND agent_tasks_limit >= 0 AND log_retention_days >= 1 AND trial_days >= 0);
ALTER TABLE plans ADD CONSTRAINT plans_templates_check CHECK (templates IN ('system', 'custom', 'org'));
-- A price belongs to one plan and one interval: by it a subscription is known.
ALTER TABLE plans ADD CONSTRAINT plans_prices_check CHECK (stripe_price_month <> stripe_price_year);
ALTER TABLE organizations ADD CONSTRAINT organizations_domains_check CHECK (domains_used >= 0 AND domains_limit >= 0);
