-- Sets the counters of an organisation to what there is. Its row is locked by whoever calls, so that what is counted
-- does not change meanwhile.
UPDATE organizations o SET
    deployments_used = (SELECT count(*) FROM deployments d WHERE d.org_id = o.id AND d.removed_at IS NULL),
    members_used = (SELECT count(*) FROM org_members m WHERE m.org_id = o.id),
    teams_used = (SELECT count(*) FROM teams t WHERE t.org_id = o.id),
    domains_used = (
        SELECT count(*) FROM host_names h JOIN deployments d ON d.id = h.deployment_id
        WHERE d.org_id = o.id AND d.removed_at IS NULL AND h.released_generation IS NULL
    )
WHERE o.id = :orgId
RETURNING o.id AS org_id
