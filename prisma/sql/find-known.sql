-- Of what the cluster and Vault name, what the database knows: deployments that are not removed (with whose they are),
-- users, organisations, and paths that a revision of such a deployment names.
--
-- @type kind 'deployment' | 'user' | 'org' | 'path'
SELECT 'deployment' AS "kind!", d.name AS "key!", d.owner_id AS "owner_id?", d.org_id AS "org_id?"
FROM deployments d WHERE d.name = ANY (:names::text[]) AND d.removed_at IS NULL
UNION ALL SELECT 'user', id, NULL, NULL FROM users WHERE id = ANY (:userIds::text[])
UNION ALL SELECT 'org', id, NULL, NULL FROM organizations WHERE id = ANY (:orgIds::text[])
UNION ALL SELECT DISTINCT 'path', named.path, NULL, NULL
FROM revisions r
    JOIN deployments d ON d.id = r.deployment_id AND d.removed_at IS NULL,
    jsonb_object_keys(r.secret_versions) AS named (path)
WHERE r.secret_versions ?| :paths::text[] AND named.path = ANY (:paths::text[])
