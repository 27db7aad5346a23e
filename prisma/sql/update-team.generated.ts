// Written by `npm run gen` from update-team.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type OrgId, type TeamId } from '../../src/contract/ids.ts'

/**
 * Gives a team another name. One that is taken violates teams_org_id_name_key. No row: there is no such team.
 */
export const updateTeam = statement<
  { teamId: TeamId; teamName: string; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { teamId: TeamId; orgId: OrgId; teamName: string }
>({
  name: 'update-team',
  text: `WITH before AS (
    SELECT id, name FROM teams WHERE id = $1 FOR NO KEY UPDATE
), updated AS (
    UPDATE teams t SET name = $2, updated_at = now() FROM before WHERE t.id = before.id
    RETURNING t.id, t.org_id, t.name
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT $3, updated.org_id, updated.id, $4, $5, $6, $7, 'team:update', updated.id,
        updated.name, jsonb_build_object('name', jsonb_build_object('from', before.name, 'to', updated.name)), $8, $9, $10
    FROM updated, before
)
SELECT id AS team_id, org_id, name AS team_name FROM updated`,
  params: ['teamId', 'teamName', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['teamId', 'orgId', 'teamName'],
})
