// Written by `npm run gen` from list-over-limit.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type OrgId } from '../../src/contract/ids.ts'

/**
 * Organisations in which something may have to be held back, or let go.
 */
export const listOverLimit = statement<
  { enforceLimit: boolean },
  { orgId: OrgId }
>({
  name: 'list-over-limit',
  text: `SELECT o.id AS org_id
FROM organizations o JOIN plans p ON p.id = o.plan_id
WHERE ($1::boolean AND o.deployments_used > coalesce(o.deployments_limit, p.deployments_limit, 2147483647))
    OR EXISTS (SELECT FROM deployments d WHERE d.org_id = o.id AND d.held AND d.deleted_at IS NULL)
LIMIT 500`,
  params: ['enforceLimit'],
  json: [],
  columns: ['orgId'],
})
