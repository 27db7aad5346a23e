-- What the services of a deployment follow. One that was given another image by hand keeps its entry, and nothing is
-- done about it (`isCurrent` is false).
--
-- @type service ServiceName
SELECT
    f.service, f.image, f.followed_by_name, f.created_at, w.asked_at, w.problem,
    EXISTS (
        SELECT FROM jsonb_array_elements(r.spec -> 'services') AS s
        WHERE s ->> 'name' = f.service AND split_part(s ->> 'image', '@', 1) = f.image
    ) AS "is_current!"
FROM image_follows f
    JOIN watched_images w ON w.image = f.watched_image
    JOIN deployments d ON d.id = f.deployment_id
    JOIN revisions r ON r.deployment_id = d.id AND r.number = d.current_revision
WHERE f.deployment_id = :deploymentId AND d.removed_at IS NULL
ORDER BY f.service
