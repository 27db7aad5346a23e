-- What Stripe says of an organisation and what that means for it. What schema.prisma says comes first; what Prisma cannot
-- say comes after "Rules".

ALTER TABLE organizations ADD COLUMN billing_stage TEXT NOT NULL DEFAULT 'full';
ALTER TABLE organizations ADD COLUMN billing_stage_since TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE organizations ADD COLUMN billing_next_stage TEXT;
ALTER TABLE organizations ADD COLUMN billing_next_at TIMESTAMPTZ(3);
ALTER TABLE organizations ADD COLUMN billing_why TEXT;
ALTER TABLE organizations ADD COLUMN billing_ticket BIGINT NOT NULL DEFAULT 0;

ALTER TABLE org_removals ADD COLUMN stripe_customer_id TEXT;
CREATE UNIQUE INDEX org_removals_stripe_customer_id_key ON org_removals (stripe_customer_id);

ALTER TABLE subscriptions ALTER COLUMN plan_id DROP NOT NULL;
ALTER TABLE subscriptions ADD COLUMN price_id TEXT;
ALTER TABLE subscriptions ADD COLUMN interval TEXT;
ALTER TABLE subscriptions ADD COLUMN currency TEXT;
ALTER TABLE subscriptions ADD COLUMN stripe_created_at TIMESTAMPTZ(3);
ALTER TABLE subscriptions ADD COLUMN cancel_at TIMESTAMPTZ(3);
ALTER TABLE subscriptions ADD COLUMN ended_at TIMESTAMPTZ(3);
ALTER TABLE subscriptions ADD COLUMN trial_end TIMESTAMPTZ(3);
ALTER TABLE subscriptions ADD COLUMN unpaid_since TIMESTAMPTZ(3);

ALTER TABLE stripe_events ADD COLUMN customer_id TEXT;
ALTER TABLE stripe_events ADD COLUMN source TEXT NOT NULL DEFAULT 'webhook';
ALTER TABLE stripe_events ADD COLUMN outcome TEXT;
ALTER TABLE stripe_events ADD COLUMN process_after TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE stripe_events ADD COLUMN claimed_by TEXT;
ALTER TABLE stripe_events ADD COLUMN claimed_until TIMESTAMPTZ(3);
CREATE INDEX stripe_events_received_at_id_idx ON stripe_events (received_at DESC, id DESC);

CREATE TABLE stripe_listings (
    id INTEGER NOT NULL DEFAULT 1,
    seen_until TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT stripe_listings_pkey PRIMARY KEY (id)
);

-- Rules ───────────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE organizations ADD CONSTRAINT organizations_billing_stage_check
    CHECK (billing_stage IN ('full', 'banner', 'frozen', 'suspended', 'removing', 'removed'));
ALTER TABLE organizations ADD CONSTRAINT organizations_billing_next_check
    CHECK ((billing_next_stage IS NULL) = (billing_next_at IS NULL));
-- They are looked for at every run of the loop.
CREATE INDEX organizations_billing_next ON organizations (billing_next_at) WHERE billing_next_at IS NOT NULL;

ALTER TABLE stripe_listings ADD CONSTRAINT stripe_listings_single_check CHECK (id = 1);
ALTER TABLE stripe_events ADD CONSTRAINT stripe_events_outcome_check
    CHECK ((processed_at IS NULL) = (outcome IS NULL));
CREATE INDEX stripe_events_due ON stripe_events (process_after) WHERE processed_at IS NULL;
CREATE INDEX stripe_events_of_customer ON stripe_events (customer_id) WHERE processed_at IS NULL;

-- Numbers looks at Stripe in the order in which they begin: an answer that was asked for earlier never replaces one
-- that was asked for later.
CREATE SEQUENCE billing_tickets;
