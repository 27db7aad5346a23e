-- The first tables. What schema.prisma says comes first, as Prisma writes it; what Prisma cannot say (checks,
-- partial indexes, triggers) comes after "Rules".

CREATE TYPE org_role AS ENUM ('org_owner', 'org_admin', 'org_member');
CREATE TYPE team_role AS ENUM ('team_admin', 'developer', 'viewer');
CREATE TYPE template_scope AS ENUM ('system', 'private', 'team', 'org', 'public');
CREATE TYPE secret_layer AS ENUM ('organization', 'user', 'template', 'deployment', 'service');

CREATE TABLE users (
    id TEXT NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    avatar_url TEXT,
    platform_admin BOOLEAN NOT NULL DEFAULT false,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT users_pkey PRIMARY KEY (id)
);

CREATE TABLE oauth_accounts (
    provider TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id TEXT NOT NULL,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    last_sign_in_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT oauth_accounts_pkey PRIMARY KEY (provider,subject)
);

CREATE TABLE sessions (
    id TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    user_id TEXT NOT NULL,
    current_team_id TEXT,
    ip TEXT,
    user_agent TEXT,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    last_seen_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    idle_expires_at TIMESTAMPTZ(3) NOT NULL,
    absolute_expires_at TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT sessions_pkey PRIMARY KEY (id)
);

CREATE TABLE api_keys (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    scopes TEXT[],
    org_id TEXT NOT NULL,
    team_id TEXT,
    created_by_id TEXT NOT NULL,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    expires_at TIMESTAMPTZ(3),
    last_used_at TIMESTAMPTZ(3),
    revoked_at TIMESTAMPTZ(3),

    CONSTRAINT api_keys_pkey PRIMARY KEY (id)
);

CREATE TABLE organizations (
    id TEXT NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    plan_id TEXT NOT NULL DEFAULT 'free',
    deployments_used INTEGER NOT NULL DEFAULT 0,
    deployments_limit INTEGER,
    members_used INTEGER NOT NULL DEFAULT 0,
    members_limit INTEGER,
    teams_used INTEGER NOT NULL DEFAULT 0,
    teams_limit INTEGER,
    suspended_at TIMESTAMPTZ(3),
    suspended_reason TEXT,
    ai_context TEXT NOT NULL DEFAULT '',
    stripe_customer_id TEXT,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT organizations_pkey PRIMARY KEY (id)
);

CREATE TABLE org_members (
    org_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    role org_role NOT NULL,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT org_members_pkey PRIMARY KEY (org_id,user_id)
);

CREATE TABLE invitations (
    id TEXT NOT NULL,
    org_id TEXT NOT NULL,
    team_id TEXT,
    email TEXT NOT NULL,
    org_role org_role NOT NULL DEFAULT 'org_member',
    team_role team_role,
    token_hash TEXT NOT NULL,
    invited_by_id TEXT NOT NULL,
    invited_by_name TEXT NOT NULL,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    expires_at TIMESTAMPTZ(3) NOT NULL,
    accepted_at TIMESTAMPTZ(3),
    revoked_at TIMESTAMPTZ(3),

    CONSTRAINT invitations_pkey PRIMARY KEY (id)
);

CREATE TABLE teams (
    id TEXT NOT NULL,
    org_id TEXT NOT NULL,
    name TEXT NOT NULL,
    is_default BOOLEAN NOT NULL DEFAULT false,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT teams_pkey PRIMARY KEY (id)
);

CREATE TABLE team_members (
    team_id TEXT NOT NULL,
    org_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    role team_role NOT NULL,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT team_members_pkey PRIMARY KEY (team_id,user_id)
);

CREATE TABLE templates (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    scope template_scope NOT NULL,
    org_id TEXT,
    team_id TEXT,
    owner_id TEXT,
    display_name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    category TEXT NOT NULL DEFAULT '',
    enabled BOOLEAN NOT NULL DEFAULT true,
    current_version INTEGER NOT NULL,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    deleted_at TIMESTAMPTZ(3),

    CONSTRAINT templates_pkey PRIMARY KEY (id)
);

CREATE TABLE template_versions (
    id TEXT NOT NULL,
    template_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    spec JSONB NOT NULL,
    author_id TEXT,
    author_name TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT template_versions_pkey PRIMARY KEY (id)
);

CREATE TABLE deployments (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    org_id TEXT NOT NULL,
    team_id TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    template_version_id TEXT NOT NULL,
    generation INTEGER NOT NULL DEFAULT 1,
    pushed_generation INTEGER NOT NULL DEFAULT 0,
    current_revision INTEGER NOT NULL,
    suspended BOOLEAN NOT NULL DEFAULT false,
    restarted_at TIMESTAMPTZ(3),
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    deleted_at TIMESTAMPTZ(3),
    deleted_by_name TEXT,
    removed_at TIMESTAMPTZ(3),
    push_claimed_by TEXT,
    push_claimed_until TIMESTAMPTZ(3),
    push_after TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    push_attempts INTEGER NOT NULL DEFAULT 0,
    push_error TEXT,

    CONSTRAINT deployments_pkey PRIMARY KEY (id)
);

CREATE TABLE revisions (
    id TEXT NOT NULL,
    deployment_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    spec JSONB NOT NULL,
    secret_versions JSONB NOT NULL DEFAULT '{}',
    rollback_of INTEGER,
    author_id TEXT,
    author_name TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT revisions_pkey PRIMARY KEY (id)
);

CREATE TABLE host_names (
    host TEXT NOT NULL,
    deployment_id TEXT NOT NULL,
    released_generation INTEGER,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT host_names_pkey PRIMARY KEY (host)
);

CREATE TABLE activity (
    id TEXT NOT NULL,
    deployment_id TEXT NOT NULL,
    at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    kind TEXT NOT NULL,
    actor_id TEXT,
    actor_name TEXT NOT NULL,
    revision INTEGER,
    detail JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT activity_pkey PRIMARY KEY (id)
);

CREATE TABLE secret_meta (
    id TEXT NOT NULL,
    layer secret_layer NOT NULL,
    path TEXT NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    org_id TEXT,
    user_id TEXT,
    deployment_id TEXT,
    service TEXT,
    author_id TEXT,
    author_name TEXT NOT NULL,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT secret_meta_pkey PRIMARY KEY (id)
);

CREATE TABLE audit_events (
    id TEXT NOT NULL,
    at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    org_id TEXT,
    team_id TEXT,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    target_id TEXT,
    target_name TEXT,
    detail JSONB NOT NULL DEFAULT '{}',
    request_id TEXT,

    CONSTRAINT audit_events_pkey PRIMARY KEY (id)
);

CREATE TABLE plans (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    deployments_limit INTEGER,
    members_limit INTEGER,
    teams_limit INTEGER,
    isolation TEXT NOT NULL,
    stripe_price_id TEXT,
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT plans_pkey PRIMARY KEY (id)
);

CREATE TABLE subscriptions (
    org_id TEXT NOT NULL,
    stripe_subscription_id TEXT NOT NULL,
    plan_id TEXT NOT NULL,
    status TEXT NOT NULL,
    current_period_end TIMESTAMPTZ(3),
    cancel_at_period_end BOOLEAN NOT NULL DEFAULT false,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT subscriptions_pkey PRIMARY KEY (org_id)
);

CREATE TABLE stripe_events (
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    livemode BOOLEAN NOT NULL,
    payload JSONB NOT NULL,
    created_at TIMESTAMPTZ(3) NOT NULL,
    received_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    processed_at TIMESTAMPTZ(3),
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT,

    CONSTRAINT stripe_events_pkey PRIMARY KEY (id)
);

CREATE TABLE outbox (
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    payload JSONB NOT NULL,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    send_after TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    claimed_until TIMESTAMPTZ(3),
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    done_at TIMESTAMPTZ(3),

    CONSTRAINT outbox_pkey PRIMARY KEY (id)
);

CREATE UNIQUE INDEX users_email_key ON users(email);
CREATE INDEX oauth_accounts_user_id_idx ON oauth_accounts(user_id);
CREATE UNIQUE INDEX oauth_accounts_provider_user_id_key ON oauth_accounts(provider, user_id);
CREATE UNIQUE INDEX sessions_token_hash_key ON sessions(token_hash);
CREATE INDEX sessions_user_id_idx ON sessions(user_id);
CREATE INDEX sessions_current_team_id_idx ON sessions(current_team_id);
CREATE INDEX sessions_idle_expires_at_idx ON sessions(idle_expires_at);
CREATE UNIQUE INDEX api_keys_key_hash_key ON api_keys(key_hash);
CREATE INDEX api_keys_org_id_created_at_idx ON api_keys(org_id, created_at DESC);
CREATE INDEX api_keys_created_by_id_idx ON api_keys(created_by_id);
CREATE INDEX api_keys_team_id_org_id_idx ON api_keys(team_id, org_id);
CREATE UNIQUE INDEX organizations_slug_key ON organizations(slug);
CREATE UNIQUE INDEX organizations_stripe_customer_id_key ON organizations(stripe_customer_id);
CREATE INDEX organizations_plan_id_idx ON organizations(plan_id);
CREATE INDEX org_members_user_id_idx ON org_members(user_id);
CREATE UNIQUE INDEX invitations_token_hash_key ON invitations(token_hash);
CREATE INDEX invitations_org_id_created_at_idx ON invitations(org_id, created_at DESC);
CREATE INDEX invitations_team_id_org_id_idx ON invitations(team_id, org_id);
CREATE UNIQUE INDEX teams_org_id_name_key ON teams(org_id, name);
CREATE UNIQUE INDEX teams_id_org_id_key ON teams(id, org_id);
CREATE INDEX team_members_org_id_user_id_idx ON team_members(org_id, user_id);
CREATE INDEX templates_org_id_idx ON templates(org_id);
CREATE INDEX templates_team_id_org_id_idx ON templates(team_id, org_id);
CREATE INDEX templates_owner_id_idx ON templates(owner_id);
CREATE UNIQUE INDEX template_versions_template_id_number_key ON template_versions(template_id, number);
CREATE UNIQUE INDEX deployments_name_key ON deployments(name);
CREATE INDEX deployments_org_id_idx ON deployments(org_id);
CREATE INDEX deployments_owner_id_idx ON deployments(owner_id);
CREATE INDEX deployments_template_version_id_idx ON deployments(template_version_id);
CREATE INDEX revisions_secret_versions_idx ON revisions USING GIN (secret_versions);
CREATE UNIQUE INDEX revisions_deployment_id_number_key ON revisions(deployment_id, number);
CREATE INDEX host_names_deployment_id_idx ON host_names(deployment_id);
CREATE INDEX activity_deployment_id_at_id_idx ON activity(deployment_id, at DESC, id DESC);
CREATE INDEX secret_meta_org_id_idx ON secret_meta(org_id);
CREATE INDEX secret_meta_user_id_idx ON secret_meta(user_id);
CREATE INDEX secret_meta_deployment_id_idx ON secret_meta(deployment_id);
CREATE UNIQUE INDEX secret_meta_path_key_key ON secret_meta(path, key);
CREATE INDEX audit_events_org_id_at_id_idx ON audit_events(org_id, at DESC, id DESC);
CREATE INDEX audit_events_target_id_at_idx ON audit_events(target_id, at DESC);
CREATE UNIQUE INDEX plans_stripe_price_id_key ON plans(stripe_price_id);
CREATE UNIQUE INDEX subscriptions_stripe_subscription_id_key ON subscriptions(stripe_subscription_id);
CREATE INDEX subscriptions_plan_id_idx ON subscriptions(plan_id);
CREATE UNIQUE INDEX outbox_key_key ON outbox(key);

ALTER TABLE oauth_accounts ADD CONSTRAINT oauth_accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE sessions ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE sessions ADD CONSTRAINT sessions_current_team_id_fkey FOREIGN KEY (current_team_id) REFERENCES teams(id) ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE api_keys ADD CONSTRAINT api_keys_created_by_id_fkey FOREIGN KEY (created_by_id) REFERENCES users(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE api_keys ADD CONSTRAINT api_keys_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE api_keys ADD CONSTRAINT api_keys_team_id_org_id_fkey FOREIGN KEY (team_id, org_id) REFERENCES teams(id, org_id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE organizations ADD CONSTRAINT organizations_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE org_members ADD CONSTRAINT org_members_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE org_members ADD CONSTRAINT org_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE invitations ADD CONSTRAINT invitations_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE invitations ADD CONSTRAINT invitations_team_id_org_id_fkey FOREIGN KEY (team_id, org_id) REFERENCES teams(id, org_id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE teams ADD CONSTRAINT teams_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE team_members ADD CONSTRAINT team_members_team_id_org_id_fkey FOREIGN KEY (team_id, org_id) REFERENCES teams(id, org_id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE team_members ADD CONSTRAINT team_members_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES org_members(org_id, user_id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE templates ADD CONSTRAINT templates_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE templates ADD CONSTRAINT templates_team_id_org_id_fkey FOREIGN KEY (team_id, org_id) REFERENCES teams(id, org_id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE templates ADD CONSTRAINT templates_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE templates ADD CONSTRAINT templates_id_current_version_fkey FOREIGN KEY (id, current_version) REFERENCES template_versions(template_id, number) ON DELETE NO ACTION ON UPDATE NO ACTION;
ALTER TABLE template_versions ADD CONSTRAINT template_versions_template_id_fkey FOREIGN KEY (template_id) REFERENCES templates(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE deployments ADD CONSTRAINT deployments_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE deployments ADD CONSTRAINT deployments_team_id_org_id_fkey FOREIGN KEY (team_id, org_id) REFERENCES teams(id, org_id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE deployments ADD CONSTRAINT deployments_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE deployments ADD CONSTRAINT deployments_template_version_id_fkey FOREIGN KEY (template_version_id) REFERENCES template_versions(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE deployments ADD CONSTRAINT deployments_id_current_revision_fkey FOREIGN KEY (id, current_revision) REFERENCES revisions(deployment_id, number) ON DELETE NO ACTION ON UPDATE NO ACTION;
ALTER TABLE revisions ADD CONSTRAINT revisions_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES deployments(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE host_names ADD CONSTRAINT host_names_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES deployments(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE activity ADD CONSTRAINT activity_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES deployments(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE secret_meta ADD CONSTRAINT secret_meta_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE secret_meta ADD CONSTRAINT secret_meta_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE secret_meta ADD CONSTRAINT secret_meta_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES deployments(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE subscriptions ADD CONSTRAINT subscriptions_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE subscriptions ADD CONSTRAINT subscriptions_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id) ON DELETE RESTRICT ON UPDATE CASCADE;

-- Rules ───────────────────────────────────────────────────────────────────────────────────────────────────

-- Ids and names as src/contract makes them. The generated types of prisma/sql rely on it: what comes from here
-- may stand in a path or a selector without another check.
DO $$
DECLARE
    kind RECORD;
BEGIN
    FOR kind IN SELECT * FROM (VALUES
        ('users', 'usr'), ('organizations', 'org'), ('teams', 'team'), ('sessions', 'ses'), ('api_keys', 'key'),
        ('invitations', 'inv'), ('templates', 'tpl'), ('template_versions', 'tpv'), ('deployments', 'dep'),
        ('revisions', 'rev'), ('activity', 'act'), ('secret_meta', 'sec'), ('audit_events', 'aud'), ('outbox', 'out')
    ) AS kinds (relation, prefix) LOOP
        EXECUTE format('ALTER TABLE %1$I ADD CONSTRAINT %2$I CHECK (id ~ %3$L)',
            kind.relation, kind.relation || '_id_check', '^' || kind.prefix || '_[a-z2-7]{25}$');
    END LOOP;
END $$;

ALTER TABLE users ADD CONSTRAINT users_email_check CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 320);
ALTER TABLE invitations ADD CONSTRAINT invitations_email_check CHECK (email = lower(email));
ALTER TABLE sessions ADD CONSTRAINT sessions_token_hash_check CHECK (token_hash ~ '^[0-9a-f]{64}$');
ALTER TABLE sessions ADD CONSTRAINT sessions_expiry_check CHECK (idle_expires_at <= absolute_expires_at);
ALTER TABLE api_keys ADD CONSTRAINT api_keys_key_hash_check CHECK (key_hash ~ '^[0-9a-f]{64}$');
ALTER TABLE invitations ADD CONSTRAINT invitations_token_hash_check CHECK (token_hash ~ '^[0-9a-f]{64}$');
ALTER TABLE deployments ADD CONSTRAINT deployments_name_check CHECK (name ~ '^[a-z][a-z2-7]{9}$');
ALTER TABLE host_names ADD CONSTRAINT host_names_host_check CHECK (
    length(host) <= 253 AND host ~ '^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?$'
);

-- Generations go forward, and nothing is pushed that was not wanted.
ALTER TABLE deployments ADD CONSTRAINT deployments_generation_check
    CHECK (generation >= 1 AND pushed_generation BETWEEN 0 AND generation AND current_revision >= 1);
ALTER TABLE deployments ADD CONSTRAINT deployments_removed_check
    CHECK (removed_at IS NULL OR (deleted_at IS NOT NULL AND pushed_generation = generation));
ALTER TABLE revisions ADD CONSTRAINT revisions_number_check
    CHECK (number >= 1 AND generation >= number AND rollback_of < number);
ALTER TABLE revisions ADD CONSTRAINT revisions_shape_check
    CHECK (jsonb_typeof(spec) = 'object' AND jsonb_typeof(secret_versions) = 'object');
ALTER TABLE template_versions ADD CONSTRAINT template_versions_shape_check
    CHECK (number >= 1 AND jsonb_typeof(spec) = 'object');

ALTER TABLE plans ADD CONSTRAINT plans_check
    CHECK (deployments_limit >= 0 AND members_limit >= 1 AND teams_limit >= 1 AND isolation IN ('shared', 'namespace', 'dedicated'));
ALTER TABLE organizations ADD CONSTRAINT organizations_counters_check CHECK (
    deployments_used >= 0 AND members_used >= 0 AND teams_used >= 0
        AND deployments_limit >= 0 AND members_limit >= 1 AND teams_limit >= 1
);
ALTER TABLE audit_events ADD CONSTRAINT audit_events_actor_check CHECK (actor_kind IN ('user', 'api_key', 'system'));
ALTER TABLE invitations ADD CONSTRAINT invitations_roles_check
    CHECK (org_role <> 'org_owner' AND (team_id IS NULL) = (team_role IS NULL));

-- A template belongs to exactly what its scope says.
ALTER TABLE templates ADD CONSTRAINT templates_scope_check CHECK (
    CASE scope
        WHEN 'private' THEN owner_id IS NOT NULL AND team_id IS NULL
        WHEN 'team' THEN org_id IS NOT NULL AND team_id IS NOT NULL
        WHEN 'org' THEN org_id IS NOT NULL AND team_id IS NULL
        ELSE org_id IS NULL AND team_id IS NULL
    END
);
-- A secret belongs to exactly what its layer says.
ALTER TABLE secret_meta ADD CONSTRAINT secret_meta_layer_check CHECK (
    version >= 1 AND CASE layer
        WHEN 'organization' THEN org_id IS NOT NULL AND deployment_id IS NULL AND service IS NULL
        WHEN 'user' THEN user_id IS NOT NULL AND deployment_id IS NULL AND service IS NULL
        WHEN 'template' THEN user_id IS NOT NULL AND deployment_id IS NULL
        WHEN 'deployment' THEN deployment_id IS NOT NULL AND service IS NULL
        ELSE deployment_id IS NOT NULL AND service IS NOT NULL
    END
);

-- At most one owner an organisation, and one default team.
CREATE UNIQUE INDEX org_members_one_owner ON org_members (org_id) WHERE role = 'org_owner';
CREATE UNIQUE INDEX teams_one_default ON teams (org_id) WHERE is_default;

-- Names of templates are unique among those that one sees together.
CREATE UNIQUE INDEX templates_name_everywhere ON templates (name) WHERE deleted_at IS NULL AND scope IN ('system', 'public');
CREATE UNIQUE INDEX templates_name_in_org ON templates (org_id, name) WHERE deleted_at IS NULL AND scope = 'org';
CREATE UNIQUE INDEX templates_name_in_team ON templates (team_id, name) WHERE deleted_at IS NULL AND scope = 'team';
CREATE UNIQUE INDEX templates_name_of_owner ON templates (owner_id, name) WHERE deleted_at IS NULL AND scope = 'private';

-- The list: newest first within a team; the id makes the order total, so that a cursor loses and repeats nothing.
CREATE INDEX deployments_list ON deployments (team_id, created_at DESC, id DESC) WHERE removed_at IS NULL;
-- The push loop: only what waits is in it, so an idle claim reads an empty index.
CREATE INDEX deployments_to_push ON deployments (push_after) WHERE pushed_generation < generation;
-- What is being deleted, until the cluster confirms.
CREATE INDEX deployments_deleting ON deployments (deleted_at) WHERE deleted_at IS NOT NULL AND removed_at IS NULL;
CREATE INDEX outbox_to_send ON outbox (send_after) WHERE done_at IS NULL;
CREATE INDEX stripe_events_to_process ON stripe_events (received_at) WHERE processed_at IS NULL;
CREATE INDEX invitations_open ON invitations (email) WHERE accepted_at IS NULL AND revoked_at IS NULL;

-- Rules by trigger name themselves twice: Prisma's adapter passes on the sentence of an error, not its constraint.

-- At least one owner: checked when the transaction ends, so that ownership can be handed over within it.
CREATE FUNCTION require_org_owner() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    org TEXT := CASE TG_TABLE_NAME WHEN 'organizations' THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(OLD) ->> 'org_id' END;
BEGIN
    IF EXISTS (SELECT FROM organizations WHERE id = org)
        AND NOT EXISTS (SELECT FROM org_members WHERE org_id = org AND role = 'org_owner')
    THEN
        RAISE EXCEPTION 'organisation % has no owner (constraint "org_members_an_owner")', org
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'org_members_an_owner';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER organizations_an_owner AFTER INSERT ON organizations
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_org_owner();
CREATE CONSTRAINT TRIGGER org_members_an_owner AFTER UPDATE OR DELETE ON org_members
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.role = 'org_owner') EXECUTE FUNCTION require_org_owner();

-- What happened stays as it was written.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed (constraint "%_immutable")', TG_TABLE_NAME, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_TABLE_NAME || '_immutable';
END $$;
CREATE TRIGGER revisions_immutable BEFORE UPDATE ON revisions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER template_versions_immutable BEFORE UPDATE ON template_versions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- Audit rows may only be deleted by a retention job, which says so: SET LOCAL shipyard.audit_retention = 'on'.
CREATE TRIGGER audit_events_immutable BEFORE UPDATE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_events_append_only BEFORE DELETE ON audit_events
    FOR EACH ROW WHEN (coalesce(current_setting('shipyard.audit_retention', true), '') <> 'on')
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A deployment that something may still run of is not deleted from here, nor its revisions.
CREATE FUNCTION refuse_deleting_live() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    deployment TEXT := CASE TG_TABLE_NAME WHEN 'deployments' THEN to_jsonb(OLD) ->> 'id' ELSE to_jsonb(OLD) ->> 'deployment_id' END;
BEGIN
    IF EXISTS (SELECT FROM deployments WHERE id = deployment AND removed_at IS NULL) THEN
        RAISE EXCEPTION 'deployment % is not removed yet (constraint "%_live")', deployment, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_TABLE_NAME || '_live';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER deployments_live BEFORE DELETE ON deployments FOR EACH ROW EXECUTE FUNCTION refuse_deleting_live();
CREATE TRIGGER revisions_live BEFORE DELETE ON revisions FOR EACH ROW EXECUTE FUNCTION refuse_deleting_live();
