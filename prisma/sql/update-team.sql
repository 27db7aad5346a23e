-- Gives a team another name. One that is taken violates teams_org_id_name_key. No row: there is no such team.
--
-- @type actorKind 'user' | 'api_key' | 'system'
-- @nullable requestId actorId onBehalfOfId ip userAgent
WITH before AS (
    SELECT id, name FROM teams WHERE id = :teamId FOR NO KEY UPDATE
), updated AS (
    UPDATE teams t SET name = :teamName, updated_at = now() FROM before WHERE t.id = before.id
    RETURNING t.id, t.org_id, t.name
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT :auditId, updated.org_id, updated.id, :actorKind, :actorId, :actorName, :onBehalfOfId, 'team:update', updated.id,
        updated.name, jsonb_build_object('name', jsonb_build_object('from', before.name, 'to', updated.name)), :requestId, :ip, :userAgent
    FROM updated, before
)
SELECT id AS team_id, org_id, name AS team_name FROM updated
