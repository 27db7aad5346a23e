-- Holds back the deployments of an organisation that are more than its plan allows, and lets go those that have room:
-- first come those that its owner keeps, then the oldest. Each becomes a new generation. No row: all is as it should be.
WITH ranked AS (
    SELECT d.id, :enforceLimit::boolean
        AND row_number() OVER (ORDER BY d.kept_first DESC, d.created_at, d.id)
            > coalesce(o.deployments_limit, p.deployments_limit, 2147483647) AS is_over
    FROM deployments d JOIN organizations o ON o.id = d.org_id JOIN plans p ON p.id = o.plan_id
    WHERE d.org_id = :orgId AND d.deleted_at IS NULL
), changed AS (
    UPDATE deployments d SET
        held = ranked.is_over, generation = d.generation + 1, updated_at = now(),
        push_after = now(), push_attempts = 0, push_error = NULL
    FROM ranked
    WHERE d.id = ranked.id AND d.deleted_at IS NULL AND d.held <> ranked.is_over
    RETURNING d.id, d.team_id, d.held, d.display_name
), audited AS (
    INSERT INTO audit_events (id, org_id, actor_kind, actor_name, action, target_id, target_name, detail)
    SELECT :auditId, o.id, 'system', 'Shipyard', 'billing:manage', o.id, o.name, jsonb_build_object(
        'did', 'hold',
        'held', (SELECT coalesce(jsonb_agg(id), '[]') FROM changed WHERE held),
        'released', (SELECT coalesce(jsonb_agg(id), '[]') FROM changed WHERE NOT held)
    )
    FROM organizations o WHERE o.id = :orgId AND EXISTS (SELECT FROM changed)
)
SELECT id AS deployment_id, team_id, held FROM changed
