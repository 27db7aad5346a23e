-- Begins a session in the team that the user was in last, else in the first one that the user joined.
--
-- @nullable ip userAgent
INSERT INTO sessions
    (id, token_hash, user_id, current_team_id, ip, user_agent, created_at, last_seen_at, idle_expires_at, absolute_expires_at)
SELECT
    :sessionId, :tokenHash, u.id,
    coalesce(
        (
            SELECT s.current_team_id FROM sessions s JOIN team_members m ON m.team_id = s.current_team_id AND m.user_id = u.id
            WHERE s.user_id = u.id ORDER BY s.created_at DESC LIMIT 1
        ),
        (SELECT m.team_id FROM team_members m WHERE m.user_id = u.id ORDER BY m.created_at, m.team_id LIMIT 1)
    ),
    :ip, :userAgent, :now, :now, :idleExpiresAt, :absoluteExpiresAt
FROM users u WHERE u.id = :userId
RETURNING id AS session_id, user_id, current_team_id
