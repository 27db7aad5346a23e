// Written by `npm run gen` from list-all-orgs.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type UserId, type OrgId } from '../../src/contract/ids.ts'

/**
 * One page of all organisations of the installation, newest first, for who runs it: what they are called, whose they are
 * and how they stand, and nothing that is theirs. `search` is found anywhere in the name or the short name, or at the start
 * of the owner's address. `which` is all, or suspended.
 */
export const listAllOrgs = statement<
  { which: 'all' | 'suspended'; search: string | null; afterAt: Date | null; afterId: string | null; limit: number },
  { orgId: OrgId; slug: string; name: string; plan: string; planName: string; suspendedAt: Date | null; suspendedReason: string | null; createdAt: Date; deploymentsUsed: number; membersUsed: number; ownerId: UserId; ownerName: string; ownerEmail: string }
>({
  name: 'list-all-orgs',
  text: `SELECT
    o.id AS org_id, o.slug, o.name, o.plan_id AS plan, p.name AS plan_name, o.suspended_at, o.suspended_reason, o.created_at,
    o.deployments_used, o.members_used, u.id AS owner_id, u.name AS owner_name, u.email AS owner_email
FROM organizations o
    JOIN plans p ON p.id = o.plan_id
    JOIN org_members m ON m.org_id = o.id AND m.role = 'org_owner'
    JOIN users u ON u.id = m.user_id
WHERE ($1::text = 'all' OR o.suspended_at IS NOT NULL)
    AND ($2::text IS NULL OR position(lower($2::text) IN lower(o.name)) > 0
        OR position(lower($2::text) IN o.slug) > 0 OR starts_with(u.email, lower($2::text)))
    AND ($3::timestamptz IS NULL OR (o.created_at, o.id) < ($3, $4::text))
ORDER BY o.created_at DESC, o.id DESC
LIMIT $5::int`,
  params: ['which', 'search', 'afterAt', 'afterId', 'limit'],
  json: [],
  columns: ['orgId', 'slug', 'name', 'plan', 'planName', 'suspendedAt', 'suspendedReason', 'createdAt', 'deploymentsUsed', 'membersUsed', 'ownerId', 'ownerName', 'ownerEmail'],
})
