-- Services whose tag means another digest than the one that was acted upon last, with what a change of their
-- deployment needs to know: one page, or those of one deployment. None that is stopped, suspended or being deleted,
-- and none that was given another image by hand.
--
-- @type service ServiceName
-- @type image ImageReference
-- @type digest ImageDigest
-- @type followedById UserId
-- @nullable only after
SELECT
    d.id AS deployment_id, d.name AS deployment_name, d.generation, d.deleted_at, d.owner_id, d.team_id,
    r.number AS revision, r.spec,
    f.service, f.image, w.digest AS "digest!", f.followed_by_id, f.followed_by_name
FROM image_follows f
    JOIN watched_images w ON w.image = f.watched_image
    JOIN deployments d ON d.id = f.deployment_id
    JOIN organizations o ON o.id = d.org_id
    JOIN revisions r ON r.deployment_id = d.id AND r.number = d.current_revision
WHERE w.digest IS NOT NULL AND w.digest IS DISTINCT FROM f.digest
    AND d.deleted_at IS NULL AND NOT d.suspended AND o.suspended_at IS NULL
    AND o.billing_stage NOT IN ('suspended', 'removing', 'removed')
    AND (:only::text IS NULL OR d.id = :only)
    AND d.id || '/' || f.service > coalesce(:after::text, '')
    AND EXISTS (
        SELECT FROM jsonb_array_elements(r.spec -> 'services') AS s
        WHERE s ->> 'name' = f.service AND split_part(s ->> 'image', '@', 1) = f.image
    )
ORDER BY d.id || '/' || f.service
LIMIT :limit::int
