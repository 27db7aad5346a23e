// Written by `npm run gen` from suspend-org.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type OrgId } from '../../src/contract/ids.ts'

/**
 * Suspends an organisation, with a reason that its members read, or lets it go on (without one). Its pods are stopped or
 * started by the push loop, since a trigger (organizations_push) has every custom resource written anew. No row: there is no such organisation.
 */
export const suspendOrg = statement<
  { suspended: boolean; reason: string | null; orgId: OrgId; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { orgId: OrgId; orgName: string }
>({
  name: 'suspend-org',
  text: `WITH changed AS (
    UPDATE organizations SET
        suspended_at = CASE WHEN $1::boolean THEN coalesce(suspended_at, now()) END,
        suspended_reason = $2, updated_at = now()
    WHERE id = $3
    RETURNING id, name
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT $4, id, $5, $6, $7, $8, 'org:suspend', id, name,
        jsonb_build_object('suspended', $1::boolean, 'reason', $2::text), $9, $10, $11
    FROM changed
)
SELECT id AS org_id, name AS org_name FROM changed`,
  params: ['suspended', 'reason', 'orgId', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['orgId', 'orgName'],
})
