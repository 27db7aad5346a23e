// Written by `npm run gen` from recount-org.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type OrgId } from '../../src/contract/ids.ts'

/**
 * Sets the counters of an organisation to what there is. Its row is locked by whoever calls, so that what is counted
 * does not change meanwhile.
 */
export const recountOrg = statement<
  { orgId: OrgId },
  { orgId: OrgId }
>({
  name: 'recount-org',
  text: `UPDATE organizations o SET
    deployments_used = (SELECT count(*) FROM deployments d WHERE d.org_id = o.id AND d.removed_at IS NULL),
    members_used = (SELECT count(*) FROM org_members m WHERE m.org_id = o.id),
    teams_used = (SELECT count(*) FROM teams t WHERE t.org_id = o.id),
    domains_used = (
        SELECT count(*) FROM host_names h JOIN deployments d ON d.id = h.deployment_id
        WHERE d.org_id = o.id AND d.removed_at IS NULL AND h.released_generation IS NULL
    )
WHERE o.id = $1
RETURNING o.id AS org_id`,
  params: ['orgId'],
  json: [],
  columns: ['orgId'],
})
