-- Two plans may change places: uniqueness of prices is looked at when a statement ends, and not row by row.
DROP INDEX plans_stripe_price_month_key;
DROP INDEX plans_stripe_price_year_key;
ALTER TABLE plans ADD CONSTRAINT plans_stripe_price_month_key UNIQUE (stripe_price_month) DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE plans ADD CONSTRAINT plans_stripe_price_year_key UNIQUE (stripe_price_year) DEFERRABLE INITIALLY IMMEDIATE;

-- Rules ───────────────────────────────────────────────────────────────────────────────────────────────────

-- What an organisation's plan and its being stopped mean stands in custom resources and in labels of namespaces. A
-- statement that changes them sees only the deployments that were there when it began, and may have waited for one that
-- is being made. A trigger begins after that wait, holds the organisation's row, and sees it.
CREATE FUNCTION push_deployments_of_org() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE deployments SET
        pushed_generation = least(pushed_generation, generation - 1), push_after = now(), push_attempts = 0
    WHERE org_id = NEW.id AND removed_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER organizations_push AFTER UPDATE OF plan_id, billing_stage, suspended_at, budget_stopped_at ON organizations
    FOR EACH ROW WHEN (
        OLD.plan_id <> NEW.plan_id
        OR (OLD.suspended_at IS NULL) <> (NEW.suspended_at IS NULL)
        OR (OLD.budget_stopped_at IS NULL) <> (NEW.budget_stopped_at IS NULL)
        OR (OLD.billing_stage IN ('full', 'banner', 'frozen')) <> (NEW.billing_stage IN ('full', 'banner', 'frozen'))
    )
    EXECUTE FUNCTION push_deployments_of_org();
