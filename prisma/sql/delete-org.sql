-- Deletes an organisation nothing of which runs: with it go members, teams, invitations, keys, templates and what is
-- remembered of removed deployments; the audit stays. What it has left in the cluster and in Vault is taken down by
-- whoever works on org_removals, and what it has bought at Stripe is ended by an effect of the outbox. The counter is the
-- condition, so a deployment that is made at the same moment either keeps the organisation or finds none.
--
-- @type outcome 'deleted' | 'in_use' | 'no_such_org'
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH gone AS (
    DELETE FROM organizations WHERE id = :orgId AND deployments_used = 0 RETURNING id, name, stripe_customer_id
), purged AS (
    DELETE FROM deployments d USING gone WHERE d.org_id = gone.id
), removal AS (
    INSERT INTO org_removals (org_id, name, requested_by_id, stripe_customer_id)
    SELECT id, name, :requestedById, stripe_customer_id FROM gone
), bought AS (
    INSERT INTO outbox (id, kind, key, payload)
    SELECT :effectId, 'billing-end', :effectId, jsonb_build_object('customerId', stripe_customer_id)
    FROM gone WHERE stripe_customer_id IS NOT NULL
), audited AS (
    INSERT INTO audit_events (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, request_id, ip, user_agent)
    SELECT :auditId, id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'org:delete', id, name, :requestId, :ip, :userAgent FROM gone
)
SELECT
    CASE
        WHEN gone.id IS NOT NULL THEN 'deleted'
        WHEN EXISTS (SELECT FROM organizations WHERE id = :orgId) THEN 'in_use'
        ELSE 'no_such_org'
    END AS "outcome!"
FROM (SELECT) AS always LEFT JOIN gone ON true
