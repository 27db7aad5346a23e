// Written by `npm run gen` from resend-invitation.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type TeamId, type InvitationId } from '../../src/contract/ids.ts'

/**
 * Sends an invitation once more, with a new term: a mail at the outbox, or (`mailId` null) a new link, which the caller
 * hands over and whose hash takes the place of the one before. No row: there is none in this team that is open.
 */
export const resendInvitation = statement<
  { expiresAt: Date; tokenHash: string | null; now: Date; invitationId: InvitationId; teamId: TeamId; mailId: Id<'out'> | null; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { invitationId: InvitationId }
>({
  name: 'resend-invitation',
  text: `WITH renewed AS (
    UPDATE invitations SET
        expires_at = $1,
        replaced_hashes = CASE
            WHEN $2::text IS NULL OR token_hash IS NULL THEN replaced_hashes
            ELSE (token_hash || replaced_hashes)[:20]
        END,
        token_hash = coalesce($2, token_hash),
        sent_at = CASE WHEN $2::text IS NULL THEN sent_at ELSE $3 END
    WHERE id = $4 AND team_id = $5 AND accepted_at IS NULL AND revoked_at IS NULL
    RETURNING id, org_id, team_id, email
), mail AS (
    INSERT INTO outbox (id, kind, key, payload)
    SELECT $6, 'invitation', $6, jsonb_build_object('invitationId', id) FROM renewed
    WHERE $6::text IS NOT NULL
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, request_id, ip, user_agent)
    SELECT $7, org_id, team_id, $8, $9, $10, $11, 'team-member:invite', id, email, $12, $13, $14
    FROM renewed
)
SELECT id AS invitation_id FROM renewed`,
  params: ['expiresAt', 'tokenHash', 'now', 'invitationId', 'teamId', 'mailId', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['invitationId'],
})
