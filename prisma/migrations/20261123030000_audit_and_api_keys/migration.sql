-- What the audit tells besides, how long it is kept, and when API keys die. What schema.prisma says comes first; what
-- Prisma cannot say comes after "Rules".

ALTER TABLE audit_events ADD COLUMN on_behalf_of_id TEXT;
ALTER TABLE audit_events ADD COLUMN ip TEXT;
ALTER TABLE audit_events ADD COLUMN user_agent TEXT;
ALTER TABLE audit_events ADD COLUMN changes JSONB NOT NULL DEFAULT '{}';

ALTER TABLE plans ADD COLUMN audit_days INTEGER;

CREATE INDEX audit_events_org_id_actor_id_at_idx ON audit_events(org_id, actor_id, at DESC);

-- Rules ───────────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE audit_events ADD CONSTRAINT audit_events_changes_check
    CHECK (jsonb_typeof(changes) = 'object' AND length(ip) <= 64 AND length(user_agent) <= 300);
ALTER TABLE plans ADD CONSTRAINT plans_audit_days_check CHECK (audit_days >= 1);
ALTER TABLE api_keys ADD CONSTRAINT api_keys_name_check CHECK (length(name) BETWEEN 1 AND 100);

-- The application's role may add and read. It often owns the table, so it is its own rights that are taken here; the
-- triggers of the first migration stand behind that, for roles that no grant binds.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_events FROM PUBLIC;
DO $$ BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON audit_events FROM %I', current_user);
END $$;

-- The one way out of the audit: rows that are older than the plan of their organisation keeps them. Those of an
-- organisation that is gone are kept as long as the longest plan with an end; those of the installation itself, and of
-- a plan without an end, for ever. The right to delete exists inside this call alone: it is given and taken back in one
-- transaction, which nobody else sees. `batch` bounds how many rows one call removes.
CREATE FUNCTION delete_audit_past_retention(at_time TIMESTAMPTZ, batch INTEGER) RETURNS INTEGER
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    removed INTEGER;
BEGIN
    -- Two at a time would give and take back the same right.
    IF NOT pg_try_advisory_xact_lock(hashtext('delete_audit_past_retention')) THEN RETURN 0; END IF;
    EXECUTE format('GRANT DELETE ON audit_events TO %I', current_user);
    PERFORM set_config('shipyard.audit_retention', 'on', true);
    DELETE FROM audit_events WHERE id IN (
        SELECT a.id
        FROM audit_events a
            LEFT JOIN organizations o ON o.id = a.org_id
            LEFT JOIN plans p ON p.id = o.plan_id
        WHERE a.org_id IS NOT NULL
            AND a.at < least(at_time, now()) - make_interval(days =>
                CASE WHEN o.id IS NULL THEN (SELECT max(audit_days) FROM plans) ELSE p.audit_days END)
        ORDER BY a.at LIMIT batch
    );
    GET DIAGNOSTICS removed = ROW_COUNT;
    PERFORM set_config('shipyard.audit_retention', '', true);
    EXECUTE format('REVOKE DELETE ON audit_events FROM %I', current_user);
    RETURN removed;
END $$;

-- Keys die with what their creator was given, and do not come back with it.
CREATE FUNCTION revoke_keys_of_former_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE api_keys k SET revoked_at = now()
    WHERE k.created_by_id = OLD.user_id AND k.org_id = OLD.org_id AND k.revoked_at IS NULL
        AND (TG_TABLE_NAME = 'org_members' OR (
            k.team_id = to_jsonb(OLD) ->> 'team_id'
            AND NOT EXISTS (
                SELECT FROM org_members m
                WHERE m.org_id = OLD.org_id AND m.user_id = OLD.user_id AND m.role IN ('org_owner', 'org_admin')
            )
        ));
    RETURN NULL;
END $$;
CREATE TRIGGER org_members_keys AFTER DELETE ON org_members
    FOR EACH ROW EXECUTE FUNCTION revoke_keys_of_former_member();
CREATE TRIGGER team_members_keys AFTER DELETE ON team_members
    FOR EACH ROW EXECUTE FUNCTION revoke_keys_of_former_member();
