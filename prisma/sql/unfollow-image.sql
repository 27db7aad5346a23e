-- Leaves the image of a service to people again. Answers with no row when it followed nothing.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH ended AS (
    DELETE FROM image_follows f USING deployments d
    WHERE f.deployment_id = :deploymentId AND f.service = :service AND d.id = f.deployment_id
    RETURNING d.id, d.org_id, d.team_id, d.display_name, f.image
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name,
        detail, changes, request_id, ip, user_agent)
    SELECT :auditId, org_id, team_id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'deployment:update', id, display_name,
        jsonb_build_object('service', :service::text, 'image', image, 'isFollowed', false),
        jsonb_build_object('services.' || :service::text || '.isFollowed', jsonb_build_object('from', true, 'to', false)),
        :requestId, :ip, :userAgent
    FROM ended
), told AS (
    INSERT INTO activity (id, deployment_id, kind, actor_id, actor_name, detail)
    SELECT :activityId, id, 'image_unfollowed', coalesce(:onBehalfOfId, :actorId), :actorName,
        jsonb_build_object('service', :service::text, 'image', image)
    FROM ended
)
SELECT id AS deployment_id, team_id FROM ended
