-- One deployment with everything its page shows, or no row. A removed one is not found.
--
-- @type haltedBy 'administrator' | 'unpaid' | 'budget' | 'plan'
-- @type secretVersions Record<string, number>
-- @type secretOrigins Record<string, Record<string, number>>
-- @type hosts HostName[]
SELECT
    d.id AS deployment_id, d.name AS deployment_name, d.display_name, d.generation, d.pushed_generation,
    d.push_error, d.push_attempts, d.suspended, d.restarted_at, d.created_at, d.updated_at, d.deleted_at,
    d.owner_id, owner.name AS owner_name, u.id AS keeper_id, u.name AS keeper_name, d.org_id, o.name AS org_name, d.team_id, t.name AS team_name,
    CASE
        WHEN o.suspended_at IS NOT NULL THEN 'administrator'
        WHEN o.billing_stage IN ('suspended', 'removing', 'removed') THEN 'unpaid'
        WHEN o.budget_stopped_at IS NOT NULL THEN 'budget'
        WHEN d.held THEN 'plan'
    END AS "halted_by?",
    p.id AS plan_id, p.isolation,
    tpl.id AS template_id, tpl.name AS template_name, tpl.display_name AS template_display_name,
    v.id AS template_version_id, v.number AS template_version,
    r.id AS revision_id, r.number AS revision, r.spec, r.secret_versions, r.note, r.author_name, r.secret_origins,
    r.created_at AS revised_at,
    ARRAY(
        SELECT h.host FROM host_names h
        WHERE h.deployment_id = d.id AND h.released_generation IS NULL ORDER BY h.host
    ) AS "hosts!"
FROM deployments d
    JOIN revisions r ON r.deployment_id = d.id AND r.number = d.current_revision
    JOIN users owner ON owner.id = d.owner_id
    JOIN users u ON u.id = d.keeper_id
    JOIN organizations o ON o.id = d.org_id
    JOIN plans p ON p.id = o.plan_id
    JOIN teams t ON t.id = d.team_id
    JOIN template_versions v ON v.id = d.template_version_id
    JOIN templates tpl ON tpl.id = v.template_id
WHERE d.id = :deploymentId AND d.removed_at IS NULL
