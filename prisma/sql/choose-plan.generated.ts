// Written by `npm run gen` from choose-plan.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type OrgId } from '../../src/contract/ids.ts'

/**
 * An owner stays with the free plan, or says which deployments are to be kept first when a plan allows less than there
 * is, all of them its own. No row: one of them is not, or the organisation is gone.
 */
export const choosePlan = statement<
  { orgId: OrgId; keptIds: string[] | null; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; did: 'free' | 'keep'; requestId: string | null; ip: string | null; userAgent: string | null },
  { orgId: OrgId }
>({
  name: 'choose-plan',
  text: `WITH org AS (
    UPDATE organizations o SET plan_chosen_at = coalesce(o.plan_chosen_at, now())
    WHERE o.id = $1 AND NOT EXISTS (
        SELECT FROM unnest($2::text[]) AS kept (id)
        WHERE NOT EXISTS (SELECT FROM deployments d WHERE d.id = kept.id AND d.org_id = o.id AND d.removed_at IS NULL)
    )
    RETURNING o.id, o.name
), kept AS (
    UPDATE deployments d SET kept_first = (d.id = ANY ($2::text[]))
    FROM org
    WHERE d.org_id = org.id AND d.removed_at IS NULL AND d.kept_first <> (d.id = ANY ($2::text[]))
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT $3, id, $4, $5, $6, $7, 'billing:manage', id, name,
        jsonb_build_object('did', $8::text, 'kept', to_jsonb($2::text[])), $9, $10, $11
    FROM org
)
SELECT id AS org_id FROM org`,
  params: ['orgId', 'keptIds', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'did', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['orgId'],
})
