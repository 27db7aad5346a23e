-- Nothing of a deleted organisation is left in the cluster and in Vault. No row: another worker has said so already.
WITH done AS (
    UPDATE org_removals SET done_at = now() WHERE org_id = :orgId AND done_at IS NULL RETURNING org_id, name
), audited AS (
    INSERT INTO audit_events (id, org_id, actor_kind, actor_name, action, target_id, target_name)
    SELECT :auditId, org_id, 'system', 'Shipyard', 'org:removed', org_id, name FROM done
)
SELECT org_id FROM done
