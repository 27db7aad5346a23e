// Written by `npm run gen` from hand-over-deployments.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type UserId, type OrgId } from '../../src/contract/ids.ts'

/**
 * Makes another member answer for all deployments that one answers for. They go on running where they are.
 */
export const handOverDeployments = statement<
  { orgId: OrgId; memberId: UserId; newKeeperId: UserId; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { outcome: 'handed_over' | 'no_such_member' | 'no_such_keeper'; deployments: number }
>({
  name: 'hand-over-deployments',
  text: `WITH present AS (
    SELECT u.id, u.name FROM org_members m JOIN users u ON u.id = m.user_id
    WHERE m.org_id = $1 AND m.user_id = $2
), keeper AS (
    SELECT user_id FROM org_members WHERE org_id = $1 AND user_id = $3 AND user_id <> $2
), handed_over AS (
    UPDATE deployments d SET keeper_id = keeper.user_id, updated_at = now() FROM keeper, present
    WHERE d.org_id = $1 AND d.keeper_id = present.id
    RETURNING d.id
), total AS (
    SELECT count(*)::int AS deployments FROM handed_over
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT $4, $1, $5, $6, $7, $8, 'org-member:hand-over', present.id, present.name,
        jsonb_build_object('deployments', total.deployments, 'newKeeperId', keeper.user_id), $9, $10, $11
    FROM present, keeper, total
)
SELECT
    CASE
        WHEN present.id IS NULL THEN 'no_such_member'
        WHEN keeper.user_id IS NULL THEN 'no_such_keeper'
        ELSE 'handed_over'
    END AS outcome,
    total.deployments AS deployments
FROM total
    LEFT JOIN present ON true
    LEFT JOIN keeper ON true`,
  params: ['orgId', 'memberId', 'newKeeperId', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['outcome', 'deployments'],
})
