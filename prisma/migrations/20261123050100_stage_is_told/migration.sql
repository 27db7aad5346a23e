-- What is open in an organisation is looked at again when what is not paid stops it, or lets it go on.

-- Rules ───────────────────────────────────────────────────────────────────────────────────────────────────

CREATE TRIGGER organizations_stage_changed AFTER UPDATE ON organizations
    FOR EACH ROW WHEN (OLD.billing_stage <> NEW.billing_stage)
    EXECUTE FUNCTION tell_rights_changed('id');
