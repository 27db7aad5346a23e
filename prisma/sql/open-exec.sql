-- Writes down that somebody opens a terminal in a container of a deployment: in which, and by which command. Answers
-- with no row, and writes none, when the deployment is being deleted.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH opened AS (
    SELECT id, org_id, team_id, display_name FROM deployments WHERE id = :deploymentId AND deleted_at IS NULL
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name,
        detail, request_id, ip, user_agent)
    SELECT :auditId, org_id, team_id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'exec:open', id, display_name,
        jsonb_build_object('service', :service::text, 'pod', :pod::text, 'container', :container::text, 'command', :command::text),
        :requestId, :ip, :userAgent
    FROM opened
)
SELECT id AS deployment_id FROM opened
