// Written by `npm run gen` from upsert-system-template.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type TemplateId, type TemplateVersionId } from '../../src/contract/ids.ts'

/**
 * Makes a template of the installation as its document says: a new one, or a new version when the document differs
 * from the current one, or nothing. Two servers that start at the same time may both try to make it: one of them
 * gets a violation of templates_name_everywhere or template_versions_template_id_number_key and asks again.
 */
export const upsertSystemTemplate = statement<
  { name: string; templateId: TemplateId; displayName: string; description: string; category: string; spec: unknown; templateVersionId: TemplateVersionId },
  { templateId: TemplateId; version: number; hasNewVersion: boolean }
>({
  name: 'upsert-system-template',
  text: `WITH present AS (
    SELECT t.id, t.current_version, v.spec
    FROM templates t JOIN template_versions v ON v.template_id = t.id AND v.number = t.current_version
    WHERE t.scope = 'system' AND t.name = $1 AND t.deleted_at IS NULL
), made AS (
    INSERT INTO templates (id, name, scope, display_name, description, category, current_version)
    SELECT $2, $1, 'system', $3, $4, $5, 1 WHERE NOT EXISTS (SELECT FROM present)
    RETURNING id, current_version
), changed AS (
    UPDATE templates t SET
        display_name = $3, description = $4, category = $5, enabled = true,
        current_version = t.current_version + (present.spec <> $6::jsonb)::int, updated_at = now()
    FROM present
    WHERE t.id = present.id AND (present.spec <> $6::jsonb
        OR (t.display_name, t.description, t.category, t.enabled) <> ($3, $4, $5, true))
    RETURNING t.id, t.current_version
), version AS (
    INSERT INTO template_versions (id, template_id, number, spec, author_name)
    SELECT $7, id, current_version, $6::jsonb, 'Shipyard' FROM made
    UNION ALL
    SELECT $7, changed.id, changed.current_version, $6::jsonb, 'Shipyard'
    FROM changed JOIN present ON present.current_version <> changed.current_version
    RETURNING template_id, number
)
SELECT
    coalesce(version.template_id, present.id) AS template_id,
    coalesce(version.number, present.current_version) AS version,
    version.number IS NOT NULL AS has_new_version
FROM (SELECT) AS always LEFT JOIN version ON true LEFT JOIN present ON true`,
  params: ['name', 'templateId', 'displayName', 'description', 'category', 'spec', 'templateVersionId'],
  json: ['spec'],
  columns: ['templateId', 'version', 'hasNewVersion'],
})
