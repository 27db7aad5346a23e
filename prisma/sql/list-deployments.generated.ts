// Written by `npm run gen` from list-deployments.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type UserId, type OrgId, type TeamId, type DeploymentId, type TemplateId } from '../../src/contract/ids.ts'
import { type ResourceName, type HostName } from '../../src/contract/names.ts'

/**
 * One page of the deployments of some teams, newest first. Give the last row's stamp and id as the cursor for the
 * next page; both null for the first. Filters that are null do not apply; `search` is found anywhere in the
 * display name or at the start of the generated one. `visibility` is `public` or `internal` as the spec says it.
 *
 * Each team's rows come in order from the index deployments_list and stop at the limit, so that a page costs the
 * same however many deployments there are; everything else is joined to the rows of the page alone.
 */
export const listDeployments = statement<
  { teamIds: TeamId[]; afterCreatedAt: Date | null; afterId: string | null; search: string | null; ownerId: UserId | null; templateId: TemplateId | null; limit: number },
  { deploymentId: DeploymentId; deploymentName: ResourceName; displayName: string; generation: number; pushedGeneration: number; pushError: string | null; suspended: boolean; revision: number; createdAt: Date; updatedAt: Date; deletedAt: Date | null; ownerId: UserId; keeperId: UserId; keeperName: string; orgId: OrgId; teamId: TeamId; teamName: string; templateId: TemplateId; templateName: string; templateDisplayName: string; templateVersion: number; haltedBy: 'administrator' | 'unpaid' | 'budget' | 'plan' | null; visibility: string | null; hosts: HostName[] }
>({
  name: 'list-deployments',
  text: `WITH page AS MATERIALIZED (
    SELECT d.* FROM unnest($1::text[]) AS team (id) CROSS JOIN LATERAL (
        SELECT * FROM deployments d
        WHERE d.team_id = team.id AND d.removed_at IS NULL
            AND (d.created_at, d.id)
                < (coalesce($2::timestamptz, 'infinity'), coalesce($3::text, ''))
            AND ($4::text IS NULL OR position(lower($4::text) IN lower(d.display_name)) > 0
                OR starts_with(d.name, lower($4::text)))
            AND ($5::text IS NULL OR d.keeper_id = $5::text)
            AND ($6::text IS NULL OR EXISTS (
                SELECT FROM template_versions v
                WHERE v.id = d.template_version_id AND v.template_id = $6::text
            ))
        ORDER BY d.created_at DESC, d.id DESC
        LIMIT $7::int
    ) AS d
    ORDER BY d.created_at DESC, d.id DESC
    LIMIT $7::int
)
SELECT
    d.id AS deployment_id, d.name AS deployment_name, d.display_name, d.generation, d.pushed_generation,
    d.push_error, d.suspended, d.current_revision AS revision, d.created_at, d.updated_at, d.deleted_at,
    d.owner_id, u.id AS keeper_id, u.name AS keeper_name, d.org_id, d.team_id, t.name AS team_name,
    tpl.id AS template_id, tpl.name AS template_name, tpl.display_name AS template_display_name,
    v.number AS template_version,
    CASE
        WHEN o.suspended_at IS NOT NULL THEN 'administrator'
        WHEN o.billing_stage IN ('suspended', 'removing', 'removed') THEN 'unpaid'
        WHEN o.budget_stopped_at IS NOT NULL THEN 'budget'
        WHEN d.held THEN 'plan'
    END AS halted_by,
    (
        SELECT r.spec ->> 'visibility' FROM revisions r
        WHERE r.deployment_id = d.id AND r.number = d.current_revision
    ) AS visibility,
    ARRAY(
        SELECT h.host FROM host_names h
        WHERE h.deployment_id = d.id AND h.released_generation IS NULL ORDER BY h.host
    ) AS hosts
FROM page d
    JOIN users u ON u.id = d.keeper_id
    JOIN organizations o ON o.id = d.org_id
    JOIN teams t ON t.id = d.team_id
    JOIN template_versions v ON v.id = d.template_version_id
    JOIN templates tpl ON tpl.id = v.template_id
ORDER BY d.created_at DESC, d.id DESC`,
  params: ['teamIds', 'afterCreatedAt', 'afterId', 'search', 'ownerId', 'templateId', 'limit'],
  json: [],
  columns: ['deploymentId', 'deploymentName', 'displayName', 'generation', 'pushedGeneration', 'pushError', 'suspended', 'revision', 'createdAt', 'updatedAt', 'deletedAt', 'ownerId', 'keeperId', 'keeperName', 'orgId', 'teamId', 'teamName', 'templateId', 'templateName', 'templateDisplayName', 'templateVersion', 'haltedBy', 'visibility', 'hosts'],
})
