-- Makes the plans as this installation has them. The deployments of a plan that changed are pushed again, which brings
-- its numbers to their namespaces.
--
-- @type plans { id: string; name: string; position: number; deploymentsLimit: number | null; membersLimit: number | null; teamsLimit: number | null; domainsLimit: number | null; agentTasksLimit: number | null; logRetentionDays: number; auditDays: number | null; isolation: 'shared' | 'namespace' | 'dedicated'; templates: 'system' | 'custom' | 'org'; quota: Record<string, string | number>; trialDays: number; stripePriceMonth: string | null; stripePriceYear: string | null }[]
WITH given AS (
    SELECT * FROM jsonb_to_recordset(:plans::jsonb) AS given (
        id text, name text, position int, "deploymentsLimit" int, "membersLimit" int, "teamsLimit" int,
        "domainsLimit" int, "agentTasksLimit" int, "logRetentionDays" int, "auditDays" int, isolation text,
        templates text, quota jsonb, "trialDays" int, "stripePriceMonth" text, "stripePriceYear" text
    )
), changed AS (
    INSERT INTO plans AS p (
        id, name, position, deployments_limit, members_limit, teams_limit, domains_limit,
        agent_tasks_limit, log_retention_days, audit_days, isolation, templates, quota, trial_days,
        stripe_price_month, stripe_price_year
    )
    SELECT
        id, name, position, "deploymentsLimit", "membersLimit", "teamsLimit", "domainsLimit",
        "agentTasksLimit", "logRetentionDays", "auditDays", isolation, templates, quota, "trialDays",
        "stripePriceMonth", "stripePriceYear"
    FROM given
    ON CONFLICT (id) DO UPDATE SET
        name = excluded.name, position = excluded.position, deployments_limit = excluded.deployments_limit,
        members_limit = excluded.members_limit, teams_limit = excluded.teams_limit,
        domains_limit = excluded.domains_limit, agent_tasks_limit = excluded.agent_tasks_limit,
        log_retention_days = excluded.log_retention_days, audit_days = excluded.audit_days,
        isolation = excluded.isolation, templates = excluded.templates, quota = excluded.quota,
        trial_days = excluded.trial_days, stripe_price_month = excluded.stripe_price_month,
        stripe_price_year = excluded.stripe_price_year,
        updated_at = now()
    WHERE (
        p.name, p.position, p.deployments_limit, p.members_limit, p.teams_limit, p.domains_limit,
        p.agent_tasks_limit, p.log_retention_days, p.audit_days, p.isolation, p.templates, p.quota,
        p.trial_days, p.stripe_price_month, p.stripe_price_year
    ) IS DISTINCT FROM (
        excluded.name, excluded.position, excluded.deployments_limit, excluded.members_limit,
        excluded.teams_limit, excluded.domains_limit, excluded.agent_tasks_limit,
        excluded.log_retention_days, excluded.audit_days, excluded.isolation, excluded.templates,
        excluded.quota, excluded.trial_days, excluded.stripe_price_month, excluded.stripe_price_year
    )
    RETURNING id
), pushed AS (
    UPDATE deployments d SET
        pushed_generation = least(d.pushed_generation, d.generation - 1), push_after = now(), push_attempts = 0
    FROM changed JOIN organizations o ON o.plan_id = changed.id
    WHERE d.org_id = o.id AND d.removed_at IS NULL
)
SELECT id AS plan_id FROM changed
