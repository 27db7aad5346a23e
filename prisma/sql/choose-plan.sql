-- An owner stays with the free plan, or says which deployments are to be kept first when a plan allows less than there
-- is, all of them its own. No row: one of them is not, or the organisation is gone.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @type did 'free' | 'keep'
-- @nullable requestId actorId onBehalfOfId ip userAgent keptIds
WITH org AS (
    UPDATE organizations o SET plan_chosen_at = coalesce(o.plan_chosen_at, now())
    WHERE o.id = :orgId AND NOT EXISTS (
        SELECT FROM unnest(:keptIds::text[]) AS kept (id)
        WHERE NOT EXISTS (SELECT FROM deployments d WHERE d.id = kept.id AND d.org_id = o.id AND d.removed_at IS NULL)
    )
    RETURNING o.id, o.name
), kept AS (
    UPDATE deployments d SET kept_first = (d.id = ANY (:keptIds::text[]))
    FROM org
    WHERE d.org_id = org.id AND d.removed_at IS NULL AND d.kept_first <> (d.id = ANY (:keptIds::text[]))
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT :auditId, id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'billing:manage', id, name,
        jsonb_build_object('did', :did::text, 'kept', to_jsonb(:keptIds::text[])), :requestId, :ip, :userAgent
    FROM org
)
SELECT id AS org_id FROM org
