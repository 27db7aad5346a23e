-- Takes a member out of an organisation and all its teams, hands the deployments that the member answers for to another
-- one (`newKeeperId`, or null to refuse when there are any), ends the member's keys in the organisation, and the open
-- invitations to the member's address: no old one leads back in.
--
-- The organisation's row is locked first, as by whoever makes a deployment. One that was made at the same moment
-- violates deployments_org_id_keeper_id_fkey, and so does a new keeper who has just left; then it is asked again.
--
-- @type outcome 'removed' | 'is_owner' | 'has_deployments' | 'no_such_member' | 'no_such_keeper'
-- @type action 'org-member:remove' | 'org:leave'
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
-- @nullable newKeeperId
WITH locked AS (
    SELECT id FROM organizations WHERE id = :orgId FOR NO KEY UPDATE
), present AS (
    SELECT m.role, u.name, u.email,
        (SELECT count(*)::int FROM deployments d WHERE d.org_id = :orgId AND d.keeper_id = :memberId) AS kept
    FROM org_members m JOIN users u ON u.id = m.user_id
    WHERE m.org_id = :orgId AND m.user_id = :memberId
), keeper AS (
    SELECT user_id FROM org_members WHERE org_id = :orgId AND user_id = :newKeeperId::text AND user_id <> :memberId
), removed AS (
    DELETE FROM org_members m USING locked, present
    WHERE m.org_id = locked.id AND m.user_id = :memberId AND m.role <> 'org_owner'
        AND (:newKeeperId::text IS NULL OR EXISTS (SELECT FROM keeper))
        AND (present.kept = 0 OR EXISTS (SELECT FROM keeper))
    RETURNING m.org_id, m.user_id
), counted AS (
    UPDATE organizations o SET members_used = o.members_used - 1 FROM removed WHERE o.id = removed.org_id
), handed_over AS (
    UPDATE deployments d SET keeper_id = :newKeeperId::text, updated_at = now() FROM removed
    WHERE d.org_id = removed.org_id AND d.keeper_id = removed.user_id
), keys AS (
    UPDATE api_keys k SET revoked_at = now() FROM removed
    WHERE k.org_id = removed.org_id AND k.created_by_id = removed.user_id AND k.revoked_at IS NULL
), invitation AS (
    UPDATE invitations i SET revoked_at = now() FROM removed, present
    WHERE i.org_id = removed.org_id AND i.email = present.email AND i.accepted_at IS NULL AND i.revoked_at IS NULL
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT :auditId, removed.org_id, :actorKind, :actorId, :actorName, :onBehalfOfId, :action, removed.user_id, present.name,
        jsonb_build_object('role', present.role, 'deployments', present.kept, 'newKeeperId', :newKeeperId::text),
        :requestId, :ip, :userAgent
    FROM removed, present
)
SELECT
    CASE
        WHEN removed.org_id IS NOT NULL THEN 'removed'
        WHEN present.role IS NULL THEN 'no_such_member'
        WHEN present.role = 'org_owner' THEN 'is_owner'
        WHEN :newKeeperId::text IS NOT NULL AND keeper.user_id IS NULL THEN 'no_such_keeper'
        WHEN present.kept > 0 AND keeper.user_id IS NULL THEN 'has_deployments'
        ELSE 'no_such_member'
    END AS "outcome!"
FROM (SELECT) AS always
    LEFT JOIN removed ON true
    LEFT JOIN present ON true
    LEFT JOIN keeper ON true
