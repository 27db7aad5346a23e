// Written by `npm run gen` from create-org.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type UserId, type OrgId, type TeamId } from '../../src/contract/ids.ts'

/**
 * Makes an organisation with its default team; who asks becomes its owner and the administrator of the team. A slug
 * that is taken violates organizations_slug_key.
 */
export const createOrg = statement<
  { orgId: OrgId; orgSlug: string; orgName: string; userId: UserId; teamId: TeamId; teamName: string; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { orgId: OrgId }
>({
  name: 'create-org',
  text: `WITH org AS (
    INSERT INTO organizations (id, slug, name, members_used, teams_used)
    VALUES ($1, $2, $3, 1, 1) RETURNING id, name
), org_grant AS (
    INSERT INTO org_members (org_id, user_id, role) SELECT id, $4, 'org_owner' FROM org
), team AS (
    INSERT INTO teams (id, org_id, name, is_default) SELECT $5, id, $6, true FROM org RETURNING id, org_id
), team_grant AS (
    INSERT INTO team_members (team_id, org_id, user_id, role) SELECT id, org_id, $4, 'team_admin' FROM team
), audited AS (
    INSERT INTO audit_events (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, request_id, ip, user_agent)
    SELECT $7, id, $8, $9, $10, $11, 'org:create', id, name, $12, $13, $14 FROM org
)
SELECT id AS org_id FROM org`,
  params: ['orgId', 'orgSlug', 'orgName', 'userId', 'teamId', 'teamName', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['orgId'],
})
