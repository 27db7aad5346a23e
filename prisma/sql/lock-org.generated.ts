// Written by `npm run gen` from lock-org.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type OrgId } from '../../src/contract/ids.ts'

/**
 * Keeps an organisation's counters as they are until the transaction ends.
 */
export const lockOrg = statement<
  { orgId: OrgId },
  { orgId: OrgId }
>({
  name: 'lock-org',
  text: `SELECT id AS org_id FROM organizations WHERE id = $1 FOR NO KEY UPDATE`,
  params: ['orgId'],
  json: [],
  columns: ['orgId'],
})
