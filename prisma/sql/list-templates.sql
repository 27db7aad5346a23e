-- The templates that somebody may deploy into a team: the installation's own, public ones, those of the
-- organisation and of the team, and one's own. Without their documents.
SELECT
    t.id AS template_id, t.name, t.scope, t.display_name, t.description, t.category,
    t.org_id, t.team_id, t.owner_id, t.current_version AS version, v.id AS template_version_id, t.updated_at
FROM templates t JOIN template_versions v ON v.template_id = t.id AND v.number = t.current_version
WHERE t.deleted_at IS NULL AND t.enabled AND (
    t.scope IN ('system', 'public')
    OR (t.scope = 'org' AND t.org_id = :orgId)
    OR (t.scope = 'team' AND t.team_id = :teamId)
    OR (t.scope = 'private' AND t.owner_id = :userId)
)
ORDER BY t.scope = 'system' DESC, t.category, t.display_name, t.id
