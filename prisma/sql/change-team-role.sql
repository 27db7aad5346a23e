-- Gives a member of a team another role in it. No row: there is no such member.
--
-- @type role 'team_admin' | 'developer' | 'viewer'
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH before AS (
    SELECT role FROM team_members WHERE team_id = :teamId AND user_id = :memberId
), changed AS (
    UPDATE team_members SET role = :role::team_role WHERE team_id = :teamId AND user_id = :memberId
    RETURNING team_id, org_id, user_id, role
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT :auditId, changed.org_id, changed.team_id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'team-member:change-role',
        u.id, u.name, jsonb_build_object('role', jsonb_build_object('from', before.role, 'to', changed.role)), :requestId, :ip, :userAgent
    FROM changed JOIN users u ON u.id = changed.user_id, before
)
SELECT user_id FROM changed
