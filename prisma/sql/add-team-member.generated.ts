// Written by `npm run gen` from add-team-member.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type UserId, type OrgId, type TeamId } from '../../src/contract/ids.ts'

/**
 * Takes a member of the organisation into one of its teams. Who is in it already stays as they are; who is no member of
 * the organisation (any more) violates team_members_org_id_user_id_fkey.
 */
export const addTeamMember = statement<
  { teamId: TeamId; orgId: OrgId; memberId: UserId; role: 'team_admin' | 'developer' | 'viewer'; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { outcome: 'added' | 'is_member' }
>({
  name: 'add-team-member',
  text: `WITH added AS (
    INSERT INTO team_members (team_id, org_id, user_id, role) VALUES ($1, $2, $3, $4::team_role)
    ON CONFLICT (team_id, user_id) DO NOTHING
    RETURNING team_id, org_id, user_id, role
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT $5, added.org_id, added.team_id, $6, $7, $8, $9, 'team-member:invite', u.id, u.name,
        jsonb_build_object('role', added.role), $10, $11, $12
    FROM added JOIN users u ON u.id = added.user_id
)
SELECT CASE WHEN EXISTS (SELECT FROM added) THEN 'added' ELSE 'is_member' END AS outcome`,
  params: ['teamId', 'orgId', 'memberId', 'role', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['outcome'],
})
