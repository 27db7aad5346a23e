// Written by `npm run gen` from transfer-org.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type UserId, type OrgId } from '../../src/contract/ids.ts'

/**
 * Hands an organisation over: who asks becomes an administrator, the other member its owner. Whoever comes first wins;
 * who was the owner when asking, and is not any more, changes nothing: `not_owner`. There is one owner at every
 * instant: an heir who has just left violates org_members_an_owner, and nothing is changed.
 */
export const transferOrg = statement<
  { orgId: OrgId; heirId: UserId; ownerId: UserId; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { outcome: 'transferred' | 'not_owner' | 'no_such_member' }
>({
  name: 'transfer-org',
  text: `WITH locked AS (
    SELECT id, name FROM organizations WHERE id = $1 FOR NO KEY UPDATE
), heir AS (
    SELECT m.user_id, u.name FROM org_members m JOIN users u ON u.id = m.user_id
    WHERE m.org_id = $1 AND m.user_id = $2 AND m.role <> 'org_owner'
), former AS (
    UPDATE org_members m SET role = 'org_admin' FROM locked, heir
    WHERE m.org_id = locked.id AND m.user_id = $3 AND m.role = 'org_owner'
    RETURNING m.org_id, m.user_id
), owner AS (
    UPDATE org_members m SET role = 'org_owner' FROM former
    WHERE m.org_id = former.org_id AND m.user_id = $2
    RETURNING m.org_id
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT $4, locked.id, $5, $6, $7, $8, 'org:transfer', locked.id, locked.name,
        jsonb_build_object('owner', jsonb_build_object('from', $3::text, 'to', heir.user_id, 'name', heir.name)),
        $9, $10, $11
    FROM owner, locked, heir
)
SELECT
    CASE
        WHEN owner.org_id IS NOT NULL THEN 'transferred'
        WHEN heir.user_id IS NULL THEN 'no_such_member'
        ELSE 'not_owner'
    END AS outcome
FROM (SELECT) AS always
    LEFT JOIN heir ON true
    LEFT JOIN owner ON true`,
  params: ['orgId', 'heirId', 'ownerId', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['outcome'],
})
