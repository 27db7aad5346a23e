// Written by `npm run gen` from list-invitations.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type OrgId, type TeamId, type InvitationId } from '../../src/contract/ids.ts'

/**
 * The invitations of an organisation (to these teams alone, or to all if null), the newest first: those that are open, and
 * what became of the others in the last 30 days. With each, how its newest mail fared.
 */
export const listInvitations = statement<
  { orgId: OrgId; seenTeamIds: TeamId[] | null; now: Date },
  { invitationId: InvitationId; teamId: TeamId | null; teamName: string | null; email: string; orgRole: 'org_admin' | 'org_member'; teamRole: 'team_admin' | 'developer' | 'viewer' | null; invitedByName: string; createdAt: Date; expiresAt: Date; acceptedAt: Date | null; revokedAt: Date | null; hasMail: boolean; mailedAt: Date | null; mailError: string | null }
>({
  name: 'list-invitations',
  text: `SELECT
    i.id AS invitation_id, i.team_id AS team_id, t.name AS team_name, i.email AS email,
    i.org_role AS org_role, i.team_role AS team_role, i.invited_by_name AS invited_by_name,
    i.created_at AS created_at, i.expires_at AS expires_at, i.accepted_at, i.revoked_at,
    mail.id IS NOT NULL AS has_mail, mail.done_at AS mailed_at, mail.error AS mail_error
FROM invitations i
    LEFT JOIN teams t ON t.id = i.team_id
    LEFT JOIN LATERAL (
        SELECT o.id, o.done_at, o.error FROM outbox o
        WHERE o.kind = 'invitation' AND o.payload ->> 'invitationId' = i.id
        ORDER BY o.created_at DESC LIMIT 1
    ) AS mail ON true
WHERE i.org_id = $1 AND ($2::text[] IS NULL OR i.team_id = ANY ($2::text[]))
    AND (i.accepted_at IS NULL AND i.revoked_at IS NULL OR i.created_at > $3::timestamptz - interval '30 days')
ORDER BY i.created_at DESC, i.id
LIMIT 500`,
  params: ['orgId', 'seenTeamIds', 'now'],
  json: [],
  columns: ['invitationId', 'teamId', 'teamName', 'email', 'orgRole', 'teamRole', 'invitedByName', 'createdAt', 'expiresAt', 'acceptedAt', 'revokedAt', 'hasMail', 'mailedAt', 'mailError'],
})
