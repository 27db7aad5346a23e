// Written by `npm run gen` from delete-audit-past-retention.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'

/**
 * Removes audit rows that are older than the plan of their organisation keeps them; the one way in which any are.
 */
export const deleteAuditPastRetention = statement<
  { now: Date; limit: number },
  { removed: number }
>({
  name: 'delete-audit-past-retention',
  text: `SELECT delete_audit_past_retention($1, $2) AS removed`,
  params: ['now', 'limit'],
  json: [],
  columns: ['removed'],
})
