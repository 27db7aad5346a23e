-- Of some paths in Vault, the versions that a revision of a deployment that is not removed names: whatever else
-- is there under these paths may be destroyed. A deployment that is being made names nothing yet, so the sweeper
-- spares versions that are younger than a request can last.
--
-- @type path string
SELECT DISTINCT named.path AS "path!", named.version::int AS "version!"
FROM revisions r
    JOIN deployments d ON d.id = r.deployment_id AND d.removed_at IS NULL,
    jsonb_each_text(r.secret_versions) AS named (path, version)
WHERE r.secret_versions ?| :paths::text[] AND named.path = ANY (:paths::text[])
