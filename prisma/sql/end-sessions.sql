-- Ends one session of a user, or all but one, and writes that to the audit: nothing is written when the one that is
-- named is not there. Where sessions are kept outside of the database, they were ended before, and how many there were
-- is told. `action` says whether somebody did it to themselves.
--
-- @nullable sessionId exceptId requestId actorId onBehalfOfId ip userAgent
WITH ended AS (
    DELETE FROM sessions
    WHERE user_id = :userId AND (:sessionId::text IS NULL OR id = :sessionId) AND id IS DISTINCT FROM :exceptId::text
    RETURNING id
), total AS (
    SELECT (SELECT count(*) FROM ended)::int + :endedElsewhere::int AS count
), audited AS (
    INSERT INTO audit_events
        (id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip,
        user_agent)
    SELECT :auditId, :actorKind, :actorId, :actorName, :onBehalfOfId, :action, :targetId, :targetName,
        jsonb_build_object('ended', count), :requestId, :ip, :userAgent
    FROM total WHERE :sessionId::text IS NULL OR count > 0
)
SELECT count AS "ended!" FROM total
