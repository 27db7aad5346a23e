-- Organisations whose counters differ from what there is; none, unless a statement is wrong.
SELECT
    o.id AS org_id,
    o.deployments_used, deployments.count AS "deployments_counted!",
    o.members_used, members.count AS "members_counted!",
    o.teams_used, teams.count AS "teams_counted!",
    o.domains_used, domains.count AS "domains_counted!"
FROM organizations o
    CROSS JOIN LATERAL (
        SELECT count(*)::int FROM deployments d WHERE d.org_id = o.id AND d.removed_at IS NULL
    ) AS deployments
    CROSS JOIN LATERAL (SELECT count(*)::int FROM org_members m WHERE m.org_id = o.id) AS members
    CROSS JOIN LATERAL (SELECT count(*)::int FROM teams t WHERE t.org_id = o.id) AS teams
    CROSS JOIN LATERAL (
        SELECT count(*)::int FROM host_names h JOIN deployments d ON d.id = h.deployment_id
        WHERE d.org_id = o.id AND d.removed_at IS NULL AND h.released_generation IS NULL
    ) AS domains
WHERE (o.deployments_used, o.members_used, o.teams_used, o.domains_used)
    <> (deployments.count, members.count, teams.count, domains.count)
