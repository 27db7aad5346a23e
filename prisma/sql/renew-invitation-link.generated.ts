// Written by `npm run gen` from renew-invitation-link.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type InvitationId } from '../../src/contract/ids.ts'

/**
 * Notes the hash of a new link: from now on the ones before are told that there is a newer one. Answers with what the
 * mail says; with no row when the invitation is not open (any more), so that nothing is sent.
 */
export const renewInvitationLink = statement<
  { tokenHash: string; now: Date; invitationId: InvitationId },
  { email: string; invitedByName: string; expiresAt: Date; orgName: string; teamName: string | null }
>({
  name: 'renew-invitation-link',
  text: `WITH renewed AS (
    UPDATE invitations SET
        replaced_hashes = CASE
            WHEN token_hash IS NULL THEN replaced_hashes ELSE (token_hash || replaced_hashes)[:20]
        END,
        token_hash = $1, sent_at = $2
    WHERE id = $3 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $2
    RETURNING id, org_id, team_id, email, invited_by_name, expires_at
)
SELECT r.email, r.invited_by_name, r.expires_at, o.name AS org_name,
    (SELECT t.name FROM teams t WHERE t.id = r.team_id) AS team_name
FROM renewed r
    JOIN organizations o ON o.id = r.org_id`,
  params: ['tokenHash', 'now', 'invitationId'],
  json: [],
  columns: ['email', 'invitedByName', 'expiresAt', 'orgName', 'teamName'],
})
