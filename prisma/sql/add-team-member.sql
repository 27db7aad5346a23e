-- Takes a member of the organisation into one of its teams. Who is in it already stays as they are; who is no member of
-- the organisation (any more) violates team_members_org_id_user_id_fkey.
--
-- @type outcome 'added' | 'is_member'
-- @type role 'team_admin' | 'developer' | 'viewer'
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH added AS (
    INSERT INTO team_members (team_id, org_id, user_id, role) VALUES (:teamId, :orgId, :memberId, :role::team_role)
    ON CONFLICT (team_id, user_id) DO NOTHING
    RETURNING team_id, org_id, user_id, role
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT :auditId, added.org_id, added.team_id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'team-member:invite', u.id, u.name,
        jsonb_build_object('role', added.role), :requestId, :ip, :userAgent
    FROM added JOIN users u ON u.id = added.user_id
)
SELECT CASE WHEN EXISTS (SELECT FROM added) THEN 'added' ELSE 'is_member' END AS "outcome!"
