// Written by `npm run gen` from find-template.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type UserId, type OrgId, type TeamId, type TemplateId, type TemplateVersionId } from '../../src/contract/ids.ts'

/**
 * A template with the document of one version (null: the current one), if somebody may deploy it into the team; a
 * version that exists stays to be had when the template was disabled or deleted, for the deployments that use it.
 */
export const findTemplate = statement<
  { version: number | null; templateId: TemplateId; orgId: OrgId; teamId: TeamId; userId: UserId },
  { templateId: TemplateId; name: string; scope: 'system' | 'private' | 'team' | 'org' | 'public'; displayName: string; description: string; category: string; orgId: OrgId | null; teamId: TeamId | null; ownerId: UserId | null; enabled: boolean; deletedAt: Date | null; currentVersion: number; templateVersionId: TemplateVersionId; version: number; spec: unknown; versionCreatedAt: Date }
>({
  name: 'find-template',
  text: `SELECT
    t.id AS template_id, t.name, t.scope, t.display_name, t.description, t.category,
    t.org_id, t.team_id, t.owner_id, t.enabled, t.deleted_at, t.current_version,
    v.id AS template_version_id, v.number AS version, v.spec, v.created_at AS version_created_at
FROM templates t JOIN template_versions v
    ON v.template_id = t.id AND v.number = coalesce($1::int, t.current_version)
WHERE t.id = $2 AND (
    t.scope IN ('system', 'public')
    OR (t.scope = 'org' AND t.org_id = $3)
    OR (t.scope = 'team' AND t.team_id = $4)
    OR (t.scope = 'private' AND t.owner_id = $5)
)`,
  params: ['version', 'templateId', 'orgId', 'teamId', 'userId'],
  json: [],
  columns: ['templateId', 'name', 'scope', 'displayName', 'description', 'category', 'orgId', 'teamId', 'ownerId', 'enabled', 'deletedAt', 'currentVersion', 'templateVersionId', 'version', 'spec', 'versionCreatedAt'],
})
