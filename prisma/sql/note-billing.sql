-- What an owner has just done at Stripe is written down, with the customer it was done as, and the turn to do it is given
-- back. No row: the organisation is gone.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @type detail { did: 'checkout' | 'portal' | 'change' | 'cancel' | 'resume'; plan: string | null; interval: string | null }
-- @nullable requestId actorId onBehalfOfId ip userAgent customerId
WITH org AS (
    UPDATE organizations SET
        stripe_customer_id = coalesce(:customerId, stripe_customer_id), plan_chosen_at = coalesce(plan_chosen_at, now())
    WHERE id = :orgId
    RETURNING id, name
), freed AS (
    DELETE FROM checkout_turns t USING org WHERE t.org_id = org.id AND t.claimed_by = :claimedBy
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT :auditId, id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'billing:manage', id, name,
        :detail::jsonb, :requestId, :ip, :userAgent
    FROM org
)
SELECT id AS org_id FROM org
