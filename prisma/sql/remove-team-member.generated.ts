// Written by `npm run gen` from remove-team-member.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type UserId, type TeamId } from '../../src/contract/ids.ts'

/**
 * Takes somebody out of a team; a member of the organisation they stay. No row: there is no such member.
 */
export const removeTeamMember = statement<
  { teamId: TeamId; memberId: UserId; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { userId: UserId }
>({
  name: 'remove-team-member',
  text: `WITH removed AS (
    DELETE FROM team_members WHERE team_id = $1 AND user_id = $2 RETURNING team_id, org_id, user_id, role
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT $3, removed.org_id, removed.team_id, $4, $5, $6, $7, 'team-member:remove',
        u.id, u.name, jsonb_build_object('role', removed.role), $8, $9, $10
    FROM removed JOIN users u ON u.id = removed.user_id
)
SELECT user_id FROM removed`,
  params: ['teamId', 'memberId', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['userId'],
})
