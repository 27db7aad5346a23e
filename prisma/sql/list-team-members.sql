-- Who is in a team, by role, then by name.
--
-- @type role 'team_admin' | 'developer' | 'viewer'
SELECT m.user_id, u.name, u.email, u.avatar_url, m.role, m.created_at
FROM team_members m JOIN users u ON u.id = m.user_id
WHERE m.team_id = :teamId
ORDER BY m.role, lower(u.name), m.user_id
LIMIT 1000
