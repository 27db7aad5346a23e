-- Makes a member of an organisation its administrator, or takes that back. The owner's role is not changed by this.
--
-- @type outcome 'changed' | 'is_owner' | 'no_such_member'
-- @type role 'org_admin' | 'org_member'
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH present AS (
    SELECT m.role, u.name FROM org_members m JOIN users u ON u.id = m.user_id
    WHERE m.org_id = :orgId AND m.user_id = :memberId
), changed AS (
    UPDATE org_members SET role = :role::org_role
    WHERE org_id = :orgId AND user_id = :memberId AND role <> 'org_owner'
    RETURNING org_id, user_id, role
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT :auditId, changed.org_id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'org-member:change-role', changed.user_id,
        present.name, jsonb_build_object('role', jsonb_build_object('from', present.role, 'to', changed.role)),
        :requestId, :ip, :userAgent
    FROM changed, present
)
SELECT
    CASE
        WHEN changed.org_id IS NOT NULL THEN 'changed'
        WHEN present.role = 'org_owner' THEN 'is_owner'
        ELSE 'no_such_member'
    END AS "outcome!"
FROM (SELECT) AS always
    LEFT JOIN changed ON true
    LEFT JOIN present ON true
