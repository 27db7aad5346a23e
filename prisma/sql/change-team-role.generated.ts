// Written by `npm run gen` from change-team-role.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type UserId, type TeamId } from '../../src/contract/ids.ts'

/**
 * Gives a member of a team another role in it. No row: there is no such member.
 */
export const changeTeamRole = statement<
  { teamId: TeamId; memberId: UserId; role: 'team_admin' | 'developer' | 'viewer'; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { userId: UserId }
>({
  name: 'change-team-role',
  text: `WITH before AS (
    SELECT role FROM team_members WHERE team_id = $1 AND user_id = $2
), changed AS (
    UPDATE team_members SET role = $3::team_role WHERE team_id = $1 AND user_id = $2
    RETURNING team_id, org_id, user_id, role
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT $4, changed.org_id, changed.team_id, $5, $6, $7, $8, 'team-member:change-role',
        u.id, u.name, jsonb_build_object('role', jsonb_build_object('from', before.role, 'to', changed.role)), $9, $10, $11
    FROM changed JOIN users u ON u.id = changed.user_id, before
)
SELECT user_id FROM changed`,
  params: ['teamId', 'memberId', 'role', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['userId'],
})
