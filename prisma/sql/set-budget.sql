-- Sets what an organisation may spend in a month, or (without an amount) takes the budget away. Another amount is warned
-- of anew. No row: there is no such organisation.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
-- @nullable amountCents
WITH place AS (
    SELECT id, name FROM organizations WHERE id = :orgId FOR NO KEY UPDATE
), before AS (
    SELECT p.id, p.name, b.amount_cents, coalesce(b.stops, false) AS stops
    FROM place p LEFT JOIN budgets b ON b.org_id = p.id
), removed AS (
    DELETE FROM budgets USING place WHERE org_id = place.id AND :amountCents::int IS NULL
), kept AS (
    INSERT INTO budgets AS b (org_id, amount_cents, stops)
    SELECT id, :amountCents::int, :stops::boolean FROM place WHERE :amountCents::int IS NOT NULL
    ON CONFLICT (org_id) DO UPDATE SET
        amount_cents = excluded.amount_cents, stops = excluded.stops, updated_at = now(),
        warned_month = CASE WHEN b.amount_cents = excluded.amount_cents THEN b.warned_month END
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT :auditId, id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'billing:manage', id, name,
        jsonb_build_object(
            'amountCents', jsonb_build_object('from', amount_cents, 'to', :amountCents::int),
            'stops', jsonb_build_object('from', stops, 'to', :stops::boolean)),
        :requestId, :ip, :userAgent
    FROM before
    WHERE amount_cents IS DISTINCT FROM :amountCents::int OR stops <> :stops::boolean
)
SELECT id AS org_id FROM before
