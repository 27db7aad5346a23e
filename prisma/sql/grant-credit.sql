-- Gives an organisation credit, or (less than nothing) takes some back. Repeating it with the same id is harmless. No row:
-- there is no such organisation.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH place AS (
    SELECT id, name FROM organizations WHERE id = :orgId
), entered AS (
    INSERT INTO credit_entries (id, org_id, amount_cents, reason, actor_name)
    SELECT :creditId, id, :amountCents::int, :reason, :actorName FROM place
    ON CONFLICT (id) DO NOTHING
    RETURNING org_id
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT :auditId, place.id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'org:grant-credit', place.id, place.name,
        jsonb_build_object('amountCents', :amountCents::int, 'reason', :reason::text), :requestId, :ip, :userAgent
    FROM place JOIN entered ON entered.org_id = place.id
)
SELECT id AS org_id FROM place
