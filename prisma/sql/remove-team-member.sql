-- Takes somebody out of a team; a member of the organisation they stay. No row: there is no such member.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH removed AS (
    DELETE FROM team_members WHERE team_id = :teamId AND user_id = :memberId RETURNING team_id, org_id, user_id, role
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT :auditId, removed.org_id, removed.team_id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'team-member:remove',
        u.id, u.name, jsonb_build_object('role', removed.role), :requestId, :ip, :userAgent
    FROM removed JOIN users u ON u.id = removed.user_id
)
SELECT user_id FROM removed
