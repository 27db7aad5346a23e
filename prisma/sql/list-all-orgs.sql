-- One page of all organisations of the installation, newest first, for who runs it: what they are called, whose they are
-- and how they stand, and nothing that is theirs. `search` is found anywhere in the name or the short name, or at the start
-- of the owner's address. `which` is all, or suspended.
--
-- @type which 'all' | 'suspended'
-- @nullable search afterAt afterId
SELECT
    o.id AS org_id, o.slug, o.name, o.plan_id AS plan, p.name AS plan_name, o.suspended_at, o.suspended_reason, o.created_at,
    o.deployments_used, o.members_used, u.id AS owner_id, u.name AS owner_name, u.email AS owner_email
FROM organizations o
    JOIN plans p ON p.id = o.plan_id
    JOIN org_members m ON m.org_id = o.id AND m.role = 'org_owner'
    JOIN users u ON u.id = m.user_id
WHERE (:which::text = 'all' OR o.suspended_at IS NOT NULL)
    AND (:search::text IS NULL OR position(lower(:search::text) IN lower(o.name)) > 0
        OR position(lower(:search::text) IN o.slug) > 0 OR starts_with(u.email, lower(:search::text)))
    AND (:afterAt::timestamptz IS NULL OR (o.created_at, o.id) < (:afterAt, :afterId::text))
ORDER BY o.created_at DESC, o.id DESC
LIMIT :limit::int
