// Written by `npm run gen` from change-member-role.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type UserId, type OrgId } from '../../src/contract/ids.ts'

/**
 * Makes a member of an organisation its administrator, or takes that back. The owner's role is not changed by this.
 */
export const changeMemberRole = statement<
  { orgId: OrgId; memberId: UserId; role: 'org_admin' | 'org_member'; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { outcome: 'changed' | 'is_owner' | 'no_such_member' }
>({
  name: 'change-member-role',
  text: `WITH present AS (
    SELECT m.role, u.name FROM org_members m JOIN users u ON u.id = m.user_id
    WHERE m.org_id = $1 AND m.user_id = $2
), changed AS (
    UPDATE org_members SET role = $3::org_role
    WHERE org_id = $1 AND user_id = $2 AND role <> 'org_owner'
    RETURNING org_id, user_id, role
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT $4, changed.org_id, $5, $6, $7, $8, 'org-member:change-role', changed.user_id,
        present.name, jsonb_build_object('role', jsonb_build_object('from', present.role, 'to', changed.role)),
        $9, $10, $11
    FROM changed, present
)
SELECT
    CASE
        WHEN changed.org_id IS NOT NULL THEN 'changed'
        WHEN present.role = 'org_owner' THEN 'is_owner'
        ELSE 'no_such_member'
    END AS outcome
FROM (SELECT) AS always
    LEFT JOIN changed ON true
    LEFT JOIN present ON true`,
  params: ['orgId', 'memberId', 'role', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['outcome'],
})
