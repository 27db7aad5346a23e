-- Makes an organisation with its default team; who asks becomes its owner and the administrator of the team. A slug
-- that is taken violates organizations_slug_key.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH org AS (
    INSERT INTO organizations (id, slug, name, members_used, teams_used)
    VALUES (:orgId, :orgSlug, :orgName, 1, 1) RETURNING id, name
), org_grant AS (
    INSERT INTO org_members (org_id, user_id, role) SELECT id, :userId, 'org_owner' FROM org
), team AS (
    INSERT INTO teams (id, org_id, name, is_default) SELECT :teamId, id, :teamName, true FROM org RETURNING id, org_id
), team_grant AS (
    INSERT INTO team_members (team_id, org_id, user_id, role) SELECT id, org_id, :userId, 'team_admin' FROM team
), audited AS (
    INSERT INTO audit_events (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, request_id, ip, user_agent)
    SELECT :auditId, id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'org:create', id, name, :requestId, :ip, :userAgent FROM org
)
SELECT id AS org_id FROM org
