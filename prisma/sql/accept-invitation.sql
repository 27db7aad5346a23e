-- Accepts an invitation: who is new in the organisation takes a place under its limit, which is the first step and on
-- which everything depends, and becomes a member of organisation and team. Who is a member already keeps the role that
-- they have there. The link, its term and the address are compared once more, on the row itself.
--
-- Two that accept at the same moment, and an invitation that is revoked at the same moment, violate org_members_pkey,
-- org_members_role_not_null or team_members_org_id_user_id_fkey: then it is looked at once more.
--
-- @type outcome 'accepted' | 'not_open' | 'org_suspended' | 'payment_required' | 'limit_reached'
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH open AS (
    SELECT i.id, i.org_id, o.suspended_at IS NOT NULL AS suspended, NOT o.billing_stage IN ('full', 'banner') AS unpaid,
        EXISTS (SELECT FROM org_members m WHERE m.org_id = i.org_id AND m.user_id = :userId) AS is_member
    FROM invitations i JOIN organizations o ON o.id = i.org_id
    WHERE i.token_hash = :tokenHash AND i.email = :email AND i.accepted_at IS NULL AND i.revoked_at IS NULL
        AND i.expires_at > :now
), counted AS (
    UPDATE organizations o SET members_used = o.members_used + 1
    FROM open
    WHERE o.id = open.org_id AND NOT open.is_member AND o.suspended_at IS NULL
        AND o.billing_stage IN ('full', 'banner')
        AND (NOT :enforceLimit::boolean OR (
            SELECT o.members_used < coalesce(o.members_limit, p.members_limit, 2147483647)
            FROM plans p WHERE p.id = o.plan_id
        ))
    RETURNING o.id
), accepted AS (
    UPDATE invitations i SET accepted_at = :now, accepted_by_id = :userId FROM open
    WHERE i.id = open.id AND i.token_hash = :tokenHash AND i.accepted_at IS NULL AND i.revoked_at IS NULL
        AND (EXISTS (SELECT FROM counted) OR (open.is_member AND NOT open.suspended AND NOT open.unpaid))
    RETURNING i.id, i.org_id, i.team_id, i.org_role, i.team_role
), org_grant AS (
    -- Without a role, and so not at all, when the invitation has just ended.
    INSERT INTO org_members (org_id, user_id, role)
    SELECT counted.id, :userId, (SELECT org_role FROM accepted) FROM counted
    RETURNING org_id
), team_grant AS (
    INSERT INTO team_members (team_id, org_id, user_id, role)
    SELECT team_id, org_id, :userId, team_role FROM accepted
    WHERE team_id IS NOT NULL AND (SELECT count(*) FROM org_grant) >= 0
    ON CONFLICT (team_id, user_id) DO NOTHING
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT :auditId, org_id, team_id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'invitation:accept', id, :email,
        jsonb_build_object('orgRole', org_role, 'teamRole', team_role), :requestId, :ip, :userAgent
    FROM accepted
)
SELECT
    CASE
        WHEN accepted.id IS NOT NULL THEN 'accepted'
        WHEN open.id IS NULL THEN 'not_open'
        WHEN open.suspended THEN 'org_suspended'
        WHEN open.unpaid THEN 'payment_required'
        WHEN open.is_member THEN 'not_open'
        ELSE 'limit_reached'
    END AS "outcome!"
FROM (SELECT) AS always
    LEFT JOIN open ON true
    LEFT JOIN accepted ON true
