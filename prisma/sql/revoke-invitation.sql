-- Ends an invitation: its links lead nowhere from now on. No row: there is none in this team that is open.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH revoked AS (
    UPDATE invitations SET revoked_at = now()
    WHERE id = :invitationId AND team_id = :teamId AND accepted_at IS NULL AND revoked_at IS NULL
    RETURNING id, org_id, team_id, email
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, request_id, ip, user_agent)
    SELECT :auditId, org_id, team_id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'team-member:remove', id, email, :requestId, :ip, :userAgent
    FROM revoked
)
SELECT id AS invitation_id FROM revoked
