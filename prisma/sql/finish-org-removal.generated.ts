// Written by `npm run gen` from finish-org-removal.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type OrgId } from '../../src/contract/ids.ts'

/**
 * Nothing of a deleted organisation is left in the cluster and in Vault. No row: another worker has said so already.
 */
export const finishOrgRemoval = statement<
  { orgId: OrgId; auditId: Id<'aud'> },
  { orgId: OrgId }
>({
  name: 'finish-org-removal',
  text: `WITH done AS (
    UPDATE org_removals SET done_at = now() WHERE org_id = $1 AND done_at IS NULL RETURNING org_id, name
), audited AS (
    INSERT INTO audit_events (id, org_id, actor_kind, actor_name, action, target_id, target_name)
    SELECT $2, org_id, 'system', 'Shipyard', 'org:removed', org_id, name FROM done
)
SELECT org_id FROM done`,
  params: ['orgId', 'auditId'],
  json: [],
  columns: ['orgId'],
})
