-- Makes a template of the installation as its document says: a new one, or a new version when the document differs
-- from the current one, or nothing. Two servers that start at the same time may both try to make it: one of them
-- gets a violation of templates_name_everywhere or template_versions_template_id_number_key and asks again.
--
WITH present AS (
    SELECT t.id, t.current_version, v.spec
    FROM templates t JOIN template_versions v ON v.template_id = t.id AND v.number = t.current_version
    WHERE t.scope = 'system' AND t.name = :name AND t.deleted_at IS NULL
), made AS (
    INSERT INTO templates (id, name, scope, display_name, description, category, current_version)
    SELECT :templateId, :name, 'system', :displayName, :description, :category, 1 WHERE NOT EXISTS (SELECT FROM present)
    RETURNING id, current_version
), changed AS (
    UPDATE templates t SET
        display_name = :displayName, description = :description, category = :category, enabled = true,
        current_version = t.current_version + (present.spec <> :spec::jsonb)::int, updated_at = now()
    FROM present
    WHERE t.id = present.id AND (present.spec <> :spec::jsonb
        OR (t.display_name, t.description, t.category, t.enabled) <> (:displayName, :description, :category, true))
    RETURNING t.id, t.current_version
), version AS (
    INSERT INTO template_versions (id, template_id, number, spec, author_name)
    SELECT :templateVersionId, id, current_version, :spec::jsonb, 'Shipyard' FROM made
    UNION ALL
    SELECT :templateVersionId, changed.id, changed.current_version, :spec::jsonb, 'Shipyard'
    FROM changed JOIN present ON present.current_version <> changed.current_version
    RETURNING template_id, number
)
SELECT
    coalesce(version.template_id, present.id) AS "template_id!",
    coalesce(version.number, present.current_version) AS "version!",
    version.number IS NOT NULL AS "has_new_version!"
FROM (SELECT) AS always LEFT JOIN version ON true LEFT JOIN present ON true
