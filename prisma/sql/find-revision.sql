-- One revision of a deployment beside the deployment as it is now, or no row when the deployment or the revision is
-- not there. It is what going back decides on.
--
-- @type wantedOrigins Record<string, Record<string, number>>
SELECT
    d.id AS deployment_id, d.name AS deployment_name, d.generation, d.deleted_at, d.owner_id, d.team_id,
    d.current_revision AS revision, current.spec,
    r.number AS wanted_revision, r.spec AS wanted_spec, r.secret_origins AS wanted_origins
FROM deployments d
    JOIN revisions current ON current.deployment_id = d.id AND current.number = d.current_revision
    JOIN revisions r ON r.deployment_id = d.id AND r.number = :wantedRevision
WHERE d.id = :deploymentId AND d.removed_at IS NULL
