-- One page of the deployments of some teams, newest first. Give the last row's stamp and id as the cursor for the
-- next page; both null for the first. Filters that are null do not apply; `search` is found anywhere in the
-- display name or at the start of the generated one. `visibility` is `public` or `internal` as the spec says it.
--
-- Each team's rows come in order from the index deployments_list and stop at the limit, so that a page costs the
-- same however many deployments there are; everything else is joined to the rows of the page alone.
--
-- @type haltedBy 'administrator' | 'unpaid' | 'budget' | 'plan'
-- @type teamIds TeamId[]
-- @type hosts HostName[]
-- @nullable afterCreatedAt afterId search ownerId templateId
WITH page AS MATERIALIZED (
    SELECT d.* FROM unnest(:teamIds::text[]) AS team (id) CROSS JOIN LATERAL (
        SELECT * FROM deployments d
        WHERE d.team_id = team.id AND d.removed_at IS NULL
            AND (d.created_at, d.id)
                < (coalesce(:afterCreatedAt::timestamptz, 'infinity'), coalesce(:afterId::text, ''))
            AND (:search::text IS NULL OR position(lower(:search::text) IN lower(d.display_name)) > 0
                OR starts_with(d.name, lower(:search::text)))
            AND (:ownerId::text IS NULL OR d.keeper_id = :ownerId::text)
            AND (:templateId::text IS NULL OR EXISTS (
                SELECT FROM template_versions v
                WHERE v.id = d.template_version_id AND v.template_id = :templateId::text
            ))
        ORDER BY d.created_at DESC, d.id DESC
        LIMIT :limit::int
    ) AS d
    ORDER BY d.created_at DESC, d.id DESC
    LIMIT :limit::int
)
SELECT
    d.id AS deployment_id, d.name AS deployment_name, d.display_name, d.generation, d.pushed_generation,
    d.push_error, d.suspended, d.current_revision AS revision, d.created_at, d.updated_at, d.deleted_at,
    d.owner_id, u.id AS keeper_id, u.name AS keeper_name, d.org_id, d.team_id, t.name AS team_name,
    tpl.id AS template_id, tpl.name AS template_name, tpl.display_name AS template_display_name,
    v.number AS template_version,
    CASE
        WHEN o.suspended_at IS NOT NULL THEN 'administrator'
        WHEN o.billing_stage IN ('suspended', 'removing', 'removed') THEN 'unpaid'
        WHEN o.budget_stopped_at IS NOT NULL THEN 'budget'
        WHEN d.held THEN 'plan'
    END AS "halted_by?",
    (
        SELECT r.spec ->> 'visibility' FROM revisions r
        WHERE r.deployment_id = d.id AND r.number = d.current_revision
    ) AS visibility,
    ARRAY(
        SELECT h.host FROM host_names h
        WHERE h.deployment_id = d.id AND h.released_generation IS NULL ORDER BY h.host
    ) AS "hosts!"
FROM page d
    JOIN users u ON u.id = d.keeper_id
    JOIN organizations o ON o.id = d.org_id
    JOIN teams t ON t.id = d.team_id
    JOIN template_versions v ON v.id = d.template_version_id
    JOIN templates tpl ON tpl.id = v.template_id
ORDER BY d.created_at DESC, d.id DESC
