-- Sends an invitation once more, with a new term: a mail at the outbox, or (`mailId` null) a new link, which the caller
-- hands over and whose hash takes the place of the one before. No row: there is none in this team that is open.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
-- @nullable mailId tokenHash
WITH renewed AS (
    UPDATE invitations SET
        expires_at = :expiresAt,
        replaced_hashes = CASE
            WHEN :tokenHash::text IS NULL OR token_hash IS NULL THEN replaced_hashes
            ELSE (token_hash || replaced_hashes)[:20]
        END,
        token_hash = coalesce(:tokenHash, token_hash),
        sent_at = CASE WHEN :tokenHash::text IS NULL THEN sent_at ELSE :now END
    WHERE id = :invitationId AND team_id = :teamId AND accepted_at IS NULL AND revoked_at IS NULL
    RETURNING id, org_id, team_id, email
), mail AS (
    INSERT INTO outbox (id, kind, key, payload)
    SELECT :mailId, 'invitation', :mailId, jsonb_build_object('invitationId', id) FROM renewed
    WHERE :mailId::text IS NOT NULL
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, request_id, ip, user_agent)
    SELECT :auditId, org_id, team_id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'team-member:invite', id, email, :requestId, :ip, :userAgent
    FROM renewed
)
SELECT id AS invitation_id FROM renewed
