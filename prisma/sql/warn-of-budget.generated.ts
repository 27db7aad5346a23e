// Written by `npm run gen` from warn-of-budget.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type OrgId } from '../../src/contract/ids.ts'

/**
 * Has the owner told, once a month and amount, that the budget is nearly used up. No row: somebody was quicker.
 */
export const warnOfBudget = statement<
  { month: string; orgId: OrgId; amountCents: number; mailId: Id<'out'> | null; payload: unknown },
  { orgId: OrgId }
>({
  name: 'warn-of-budget',
  text: `WITH warned AS (
    UPDATE budgets SET warned_month = $1
    WHERE org_id = $2 AND amount_cents = $3::int AND warned_month IS DISTINCT FROM $1
    RETURNING org_id
), mail AS (
    INSERT INTO outbox (id, kind, key, payload)
    SELECT $4, 'budget', $4, $5::jsonb FROM warned WHERE $4::text IS NOT NULL
)
SELECT org_id FROM warned`,
  params: ['month', 'orgId', 'amountCents', 'mailId', 'payload'],
  json: ['payload'],
  columns: ['orgId'],
})
