-- Has a service follow the tag of its image from now on, in the name of who asks. `present` is the digest that it runs,
-- `digest` what the registry says of the tag now; where they differ, the next run of the watcher brings it there.
-- Asking again for the same changes nothing but who asked. Answers with no row when there is no such deployment.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @type image ImageReference
-- @type digest ImageDigest
-- @nullable requestId present actorId onBehalfOfId ip userAgent
WITH live AS (
    SELECT d.id, d.org_id, d.team_id, d.display_name,
        EXISTS (SELECT FROM image_follows f WHERE f.deployment_id = d.id AND f.service = :service) AS was_followed
    FROM deployments d WHERE d.id = :deploymentId AND d.deleted_at IS NULL
), watched AS (
    INSERT INTO watched_images AS w (image, digest, asked_at, ask_after)
    SELECT :watchedImage, :digest, now(), now() + make_interval(secs => :pauseSeconds::float8) FROM live
    -- An answer that is under way is older than this one.
    ON CONFLICT (image) DO UPDATE SET
        digest = excluded.digest, asked_at = now(), ask_after = excluded.ask_after, attempts = 0, problem = NULL,
        claimed_by = NULL, claimed_until = NULL
), followed AS (
    INSERT INTO image_follows AS f
        (deployment_id, service, image, watched_image, digest, followed_by_id, followed_by_name)
    SELECT id, :service, :image, :watchedImage, :present, coalesce(:onBehalfOfId, :actorId), :actorName FROM live
    ON CONFLICT (deployment_id, service) DO UPDATE SET
        image = excluded.image, watched_image = excluded.watched_image, digest = excluded.digest,
        followed_by_id = excluded.followed_by_id, followed_by_name = excluded.followed_by_name
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name,
        detail, changes, request_id, ip, user_agent)
    SELECT :auditId, org_id, team_id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'deployment:update', id, display_name,
        jsonb_build_object('service', :service::text, 'image', :image::text, 'isFollowed', true),
        jsonb_build_object('services.' || :service::text || '.isFollowed', jsonb_build_object('from', was_followed, 'to', true)),
        :requestId, :ip, :userAgent
    FROM live
), told AS (
    INSERT INTO activity (id, deployment_id, kind, actor_id, actor_name, detail)
    SELECT :activityId, id, 'image_followed', coalesce(:onBehalfOfId, :actorId), :actorName,
        jsonb_build_object('service', :service::text, 'image', :image::text)
    FROM live
)
SELECT id AS deployment_id, team_id FROM live
