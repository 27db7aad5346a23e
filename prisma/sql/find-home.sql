-- Where a session begins that is kept outside of the database: in the team that was used last, if the user is still
-- in it, else in the first one that the user joined. No row: there is no such user.
--
-- @nullable lastTeamId
SELECT u.id AS user_id, coalesce(
    (SELECT m.team_id FROM team_members m WHERE m.user_id = u.id AND m.team_id = :lastTeamId::text),
    (SELECT m.team_id FROM team_members m WHERE m.user_id = u.id ORDER BY m.created_at, m.team_id LIMIT 1)
) AS team_id
FROM users u WHERE u.id = :userId
