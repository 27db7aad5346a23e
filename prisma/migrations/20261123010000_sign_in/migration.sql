-- Signing in by an issuer, limits on abuse, and the word that a right was withdrawn.

-- CreateTable
CREATE TABLE "sign_in_attempts" (
    "handle_hash" TEXT NOT NULL,
    "redirect" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "sign_in_attempts_pkey" PRIMARY KEY ("handle_hash")
);

-- CreateTable
CREATE UNLOGGED TABLE "rate_limits" (
    "key" TEXT NOT NULL,
    "used" INTEGER NOT NULL,
    "window_ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "sign_in_attempts_expires_at_idx" ON "sign_in_attempts"("expires_at");

-- CreateIndex
CREATE INDEX "rate_limits_window_ends_at_idx" ON "rate_limits"("window_ends_at");

-- Rules
ALTER TABLE sign_in_attempts ADD CONSTRAINT sign_in_attempts_check
    CHECK (handle_hash ~ '^[0-9a-f]{64}$' AND redirect ~ '^/([^/\\]|$)');

-- What was withdrawn is told to every server, which asks again for the streams of whom it concerns
-- (src/modules/access/rights-changes.ts). Granting needs no word: nothing that is open is to be closed.
CREATE FUNCTION tell_rights_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('rights_changed', to_jsonb(OLD) ->> TG_ARGV[0]);
    RETURN NULL;
END $$;
-- Those that had expired are swept by the thousand, and close nothing.
CREATE TRIGGER sessions_ended AFTER DELETE ON sessions
    FOR EACH ROW WHEN (OLD.idle_expires_at > now()) EXECUTE FUNCTION tell_rights_changed('user_id');
CREATE TRIGGER org_members_removed AFTER DELETE ON org_members
    FOR EACH ROW EXECUTE FUNCTION tell_rights_changed('user_id');
CREATE TRIGGER org_members_changed AFTER UPDATE ON org_members
    FOR EACH ROW WHEN (OLD.role <> NEW.role) EXECUTE FUNCTION tell_rights_changed('user_id');
CREATE TRIGGER team_members_removed AFTER DELETE ON team_members
    FOR EACH ROW EXECUTE FUNCTION tell_rights_changed('user_id');
CREATE TRIGGER team_members_changed AFTER UPDATE ON team_members
    FOR EACH ROW WHEN (OLD.role <> NEW.role) EXECUTE FUNCTION tell_rights_changed('user_id');
CREATE TRIGGER api_keys_removed AFTER DELETE ON api_keys
    FOR EACH ROW EXECUTE FUNCTION tell_rights_changed('created_by_id');
-- Not when it was merely used.
CREATE TRIGGER api_keys_changed AFTER UPDATE ON api_keys
    FOR EACH ROW WHEN (
        (OLD.scopes, OLD.team_id, OLD.expires_at, OLD.revoked_at)
        IS DISTINCT FROM (NEW.scopes, NEW.team_id, NEW.expires_at, NEW.revoked_at)
    ) EXECUTE FUNCTION tell_rights_changed('created_by_id');
CREATE TRIGGER users_changed AFTER UPDATE ON users
    FOR EACH ROW WHEN (OLD.platform_admin <> NEW.platform_admin) EXECUTE FUNCTION tell_rights_changed('id');
CREATE TRIGGER organizations_suspended AFTER UPDATE ON organizations
    FOR EACH ROW WHEN ((OLD.suspended_at IS NULL) <> (NEW.suspended_at IS NULL))
    EXECUTE FUNCTION tell_rights_changed('id');
CREATE TRIGGER deployments_moved AFTER UPDATE ON deployments
    FOR EACH ROW WHEN (OLD.team_id <> NEW.team_id) EXECUTE FUNCTION tell_rights_changed('org_id');
