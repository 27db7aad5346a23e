// Written by `npm run gen` from find-invitation.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type OrgId, type TeamId, type InvitationId } from '../../src/contract/ids.ts'

/**
 * The invitation that a link leads to, by the newest one's hash or that of one before.
 */
export const findInvitation = statement<
  { tokenHash: string },
  { invitationId: InvitationId; orgId: OrgId; orgName: string; teamId: TeamId | null; teamName: string | null; email: string; orgRole: 'org_admin' | 'org_member'; teamRole: 'team_admin' | 'developer' | 'viewer' | null; invitedByName: string; expiresAt: Date; acceptedAt: Date | null; acceptedById: string | null; revokedAt: Date | null; isReplaced: boolean }
>({
  name: 'find-invitation',
  text: `SELECT
    i.id AS invitation_id, i.org_id, o.name AS org_name, i.team_id, (SELECT t.name FROM teams t WHERE t.id = i.team_id) AS team_name, i.email,
    i.org_role, i.team_role, i.invited_by_name, i.expires_at, i.accepted_at, i.accepted_by_id, i.revoked_at,
    i.token_hash IS DISTINCT FROM $1 AS is_replaced
FROM invitations i
    JOIN organizations o ON o.id = i.org_id
WHERE i.token_hash = $1 OR i.replaced_hashes @> ARRAY[$1::text]`,
  params: ['tokenHash'],
  json: [],
  columns: ['invitationId', 'orgId', 'orgName', 'teamId', 'teamName', 'email', 'orgRole', 'teamRole', 'invitedByName', 'expiresAt', 'acceptedAt', 'acceptedById', 'revokedAt', 'isReplaced'],
})
