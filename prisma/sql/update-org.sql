-- Gives an organisation another name or slug; null leaves it. A slug that is taken violates organizations_slug_key. No
-- row: there is no such organisation (any more).
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
-- @nullable orgName orgSlug
WITH before AS (
    SELECT id, name, slug FROM organizations WHERE id = :orgId FOR NO KEY UPDATE
), updated AS (
    UPDATE organizations o SET
        name = coalesce(:orgName, o.name), slug = coalesce(:orgSlug, o.slug), updated_at = now()
    FROM before WHERE o.id = before.id
    RETURNING o.id, o.name, o.slug
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT :auditId, updated.id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'org:update', updated.id, updated.name,
        jsonb_build_object('name', jsonb_build_object('from', before.name, 'to', updated.name),
            'slug', jsonb_build_object('from', before.slug, 'to', updated.slug)), :requestId, :ip, :userAgent
    FROM updated, before
)
SELECT id AS org_id, name AS org_name, slug AS org_slug FROM updated
