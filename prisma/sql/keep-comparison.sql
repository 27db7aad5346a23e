-- Keeps what was seen, and of what was seen before the newest `kept`; with an audit row where somebody asked for it.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable auditId requestId actorId onBehalfOfId ip userAgent
WITH kept AS (
    INSERT INTO comparisons (id, taken_at, report) VALUES (:id, :takenAt::timestamptz, :report::jsonb)
), forgotten AS (
    DELETE FROM comparisons
    WHERE id IN (SELECT c.id FROM comparisons c ORDER BY c.taken_at DESC, c.id OFFSET :kept::int - 1)
), audited AS (
    INSERT INTO audit_events
        (id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT :auditId, :actorKind, :actorId, :actorName, :onBehalfOfId, 'billing:compare', :id, 'comparison',
        jsonb_build_object('differences', :differences::int), :requestId, :ip, :userAgent
    WHERE :auditId::text IS NOT NULL
)
SELECT 1 AS "done!"
