-- Has an event worked on again, now. No row: there is no such event.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH replayed AS (
    UPDATE stripe_events SET
        processed_at = NULL, outcome = NULL, process_after = now(), attempts = 0, error = NULL,
        claimed_by = NULL, claimed_until = NULL
    WHERE id = :eventId
    RETURNING id, type
), audited AS (
    INSERT INTO audit_events
        (id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, request_id, ip, user_agent)
    SELECT :auditId, :actorKind, :actorId, :actorName, :onBehalfOfId, 'stripe-event:retry', id, type, :requestId, :ip, :userAgent
    FROM replayed
)
SELECT id FROM replayed
