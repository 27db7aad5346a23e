-- The invitation that a link leads to, by the newest one's hash or that of one before.
--
-- @type orgRole 'org_admin' | 'org_member'
-- @type teamRole 'team_admin' | 'developer' | 'viewer'
SELECT
    i.id AS invitation_id, i.org_id, o.name AS org_name, i.team_id, (SELECT t.name FROM teams t WHERE t.id = i.team_id) AS "team_name?", i.email,
    i.org_role, i.team_role, i.invited_by_name, i.expires_at, i.accepted_at, i.accepted_by_id, i.revoked_at,
    i.token_hash IS DISTINCT FROM :tokenHash AS "is_replaced!"
FROM invitations i
    JOIN organizations o ON o.id = i.org_id
WHERE i.token_hash = :tokenHash OR i.replaced_hashes @> ARRAY[:tokenHash::text]
