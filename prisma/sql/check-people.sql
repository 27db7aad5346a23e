-- What is wrong with members, teams, owners and invitations; nothing, unless a statement is wrong. (The tables
-- themselves refuse most of it; this asks without trusting them.)
--
-- @type what 'not one owner' | 'not one default team' | 'keeper is no member' | 'team of others' | 'twice invited' | 'accepted by nobody'
SELECT o.id AS "org_id!", 'not one owner' AS "what!"
FROM organizations o
WHERE (SELECT count(*) FROM org_members m WHERE m.org_id = o.id AND m.role = 'org_owner') <> 1
UNION ALL
SELECT o.id, 'not one default team' FROM organizations o
WHERE (SELECT count(*) FROM teams t WHERE t.org_id = o.id AND t.is_default) <> 1
UNION ALL
SELECT d.org_id, 'keeper is no member' FROM deployments d
WHERE d.removed_at IS NULL
    AND NOT EXISTS (SELECT FROM org_members m WHERE m.org_id = d.org_id AND m.user_id = d.keeper_id)
UNION ALL
SELECT m.org_id, 'team of others' FROM team_members m JOIN teams t ON t.id = m.team_id
WHERE t.org_id <> m.org_id
    OR NOT EXISTS (SELECT FROM org_members o WHERE o.org_id = t.org_id AND o.user_id = m.user_id)
UNION ALL
SELECT i.org_id, 'twice invited' FROM invitations i WHERE i.accepted_at IS NULL AND i.revoked_at IS NULL
GROUP BY i.org_id, i.email HAVING count(*) > 1
UNION ALL
SELECT i.org_id, 'accepted by nobody' FROM invitations i
WHERE (i.accepted_at IS NULL) <> (i.accepted_by_id IS NULL) OR (i.accepted_at IS NOT NULL AND i.revoked_at IS NOT NULL)
