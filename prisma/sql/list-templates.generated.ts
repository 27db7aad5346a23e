// Written by `npm run gen` from list-templates.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type UserId, type OrgId, type TeamId, type TemplateId, type TemplateVersionId } from '../../src/contract/ids.ts'

/**
 * The templates that somebody may deploy into a team: the installation's own, public ones, those of the
 * organisation and of the team, and one's own. Without their documents.
 */
export const listTemplates = statement<
  { orgId: OrgId; teamId: TeamId; userId: UserId },
  { templateId: TemplateId; name: string; scope: 'system' | 'private' | 'team' | 'org' | 'public'; displayName: string; description: string; category: string; orgId: OrgId | null; teamId: TeamId | null; ownerId: UserId | null; version: number; templateVersionId: TemplateVersionId; updatedAt: Date }
>({
  name: 'list-templates',
  text: `SELECT
    t.id AS template_id, t.name, t.scope, t.display_name, t.description, t.category,
    t.org_id, t.team_id, t.owner_id, t.current_version AS version, v.id AS template_version_id, t.updated_at
FROM templates t JOIN template_versions v ON v.template_id = t.id AND v.number = t.current_version
WHERE t.deleted_at IS NULL AND t.enabled AND (
    t.scope IN ('system', 'public')
    OR (t.scope = 'org' AND t.org_id = $1)
    OR (t.scope = 'team' AND t.team_id = $2)
    OR (t.scope = 'private' AND t.owner_id = $3)
)
ORDER BY t.scope = 'system' DESC, t.category, t.display_name, t.id`,
  params: ['orgId', 'teamId', 'userId'],
  json: [],
  columns: ['templateId', 'name', 'scope', 'displayName', 'description', 'category', 'orgId', 'teamId', 'ownerId', 'version', 'templateVersionId', 'updatedAt'],
})
