// Written by `npm run gen` from create-team.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type UserId, type OrgId, type TeamId } from '../../src/contract/ids.ts'

/**
 * Makes a team, with who asks as its administrator, and counts it against the organisation's limit: the counter is the
 * first step and everything depends on it. A name that is taken violates teams_org_id_name_key.
 */
export const createTeam = statement<
  { orgId: OrgId; enforceLimit: boolean; teamId: TeamId; teamName: string; userId: UserId; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { outcome: 'created' | 'limit_reached' | 'no_such_org' | 'payment_required'; teamsLimit: number | null; teamsUsed: number | null; planId: string | null }
>({
  name: 'create-team',
  text: `WITH counted AS (
    UPDATE organizations o SET teams_used = o.teams_used + 1
    WHERE o.id = $1 AND o.billing_stage IN ('full', 'banner') AND (NOT $2::boolean OR (
        SELECT o.teams_used < coalesce(o.teams_limit, p.teams_limit, 2147483647) FROM plans p WHERE p.id = o.plan_id
    ))
    RETURNING o.id
), team AS (
    INSERT INTO teams (id, org_id, name) SELECT $3, id, $4 FROM counted RETURNING id, org_id, name
), team_grant AS (
    INSERT INTO team_members (team_id, org_id, user_id, role) SELECT id, org_id, $5, 'team_admin' FROM team
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, request_id, ip, user_agent)
    SELECT $6, org_id, id, $7, $8, $9, $10, 'team:create', id, name, $11, $12, $13 FROM team
)
SELECT
    CASE
        WHEN team.id IS NOT NULL THEN 'created'
        WHEN o.id IS NULL THEN 'no_such_org'
        WHEN NOT o.billing_stage IN ('full', 'banner') THEN 'payment_required'
        ELSE 'limit_reached'
    END AS outcome,
    coalesce(o.teams_limit, p.teams_limit) AS teams_limit, o.teams_used AS teams_used, p.id AS plan_id
FROM (SELECT) AS always
    LEFT JOIN team ON true
    LEFT JOIN (organizations o JOIN plans p ON p.id = o.plan_id) ON o.id = $1`,
  params: ['orgId', 'enforceLimit', 'teamId', 'teamName', 'userId', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['outcome', 'teamsLimit', 'teamsUsed', 'planId'],
})
