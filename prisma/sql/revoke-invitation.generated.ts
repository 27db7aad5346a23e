// Written by `npm run gen` from revoke-invitation.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type TeamId, type InvitationId } from '../../src/contract/ids.ts'

/**
 * Ends an invitation: its links lead nowhere from now on. No row: there is none in this team that is open.
 */
export const revokeInvitation = statement<
  { invitationId: InvitationId; teamId: TeamId; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { invitationId: InvitationId }
>({
  name: 'revoke-invitation',
  text: `WITH revoked AS (
    UPDATE invitations SET revoked_at = now()
    WHERE id = $1 AND team_id = $2 AND accepted_at IS NULL AND revoked_at IS NULL
    RETURNING id, org_id, team_id, email
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, request_id, ip, user_agent)
    SELECT $3, org_id, team_id, $4, $5, $6, $7, 'team-member:remove', id, email, $8, $9, $10
    FROM revoked
)
SELECT id AS invitation_id FROM revoked`,
  params: ['invitationId', 'teamId', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['invitationId'],
})
