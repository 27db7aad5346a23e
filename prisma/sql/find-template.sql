-- A template with the document of one version (null: the current one), if somebody may deploy it into the team; a
-- version that exists stays to be had when the template was disabled or deleted, for the deployments that use it.
--
-- @nullable version
SELECT
    t.id AS template_id, t.name, t.scope, t.display_name, t.description, t.category,
    t.org_id, t.team_id, t.owner_id, t.enabled, t.deleted_at, t.current_version,
    v.id AS template_version_id, v.number AS version, v.spec, v.created_at AS version_created_at
FROM templates t JOIN template_versions v
    ON v.template_id = t.id AND v.number = coalesce(:version::int, t.current_version)
WHERE t.id = :templateId AND (
    t.scope IN ('system', 'public')
    OR (t.scope = 'org' AND t.org_id = :orgId)
    OR (t.scope = 'team' AND t.team_id = :teamId)
    OR (t.scope = 'private' AND t.owner_id = :userId)
)
