// Written by `npm run gen` from update-org.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type OrgId } from '../../src/contract/ids.ts'

/**
 * Gives an organisation another name or slug; null leaves it. A slug that is taken violates organizations_slug_key. No
 * row: there is no such organisation (any more).
 */
export const updateOrg = statement<
  { orgId: OrgId; orgName: string | null; orgSlug: string | null; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { orgId: OrgId; orgName: string; orgSlug: string }
>({
  name: 'update-org',
  text: `WITH before AS (
    SELECT id, name, slug FROM organizations WHERE id = $1 FOR NO KEY UPDATE
), updated AS (
    UPDATE organizations o SET
        name = coalesce($2, o.name), slug = coalesce($3, o.slug), updated_at = now()
    FROM before WHERE o.id = before.id
    RETURNING o.id, o.name, o.slug
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT $4, updated.id, $5, $6, $7, $8, 'org:update', updated.id, updated.name,
        jsonb_build_object('name', jsonb_build_object('from', before.name, 'to', updated.name),
            'slug', jsonb_build_object('from', before.slug, 'to', updated.slug)), $9, $10, $11
    FROM updated, before
)
SELECT id AS org_id, name AS org_name, slug AS org_slug FROM updated`,
  params: ['orgId', 'orgName', 'orgSlug', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['orgId', 'orgName', 'orgSlug'],
})
