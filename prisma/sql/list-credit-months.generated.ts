// Written by `npm run gen` from list-credit-months.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type OrgId } from '../../src/contract/ids.ts'

/**
 * Of organisations that ever had credit: what they have in the ledger of it, and what they used in each month of which it
 * does not say yet how much credit paid for, up to the present one; with what of it Stripe was told, which credit pays for
 * no more. By organisation and month. A null organisation is all of them.
 */
export const listCreditMonths = statement<
  { orgId: OrgId | null; now: Date },
  { orgId: OrgId; balanceCents: number; month: string; cpu: number; memory: number; storage: number; toldCents: number }
>({
  name: 'list-credit-months',
  text: `SELECT
    held.org_id AS org_id, held.balance_cents AS balance_cents, m.month AS month, m.cpu AS cpu,
    m.memory AS memory, m.storage AS storage, m.told_cents AS told_cents
FROM (
    SELECT c.org_id, sum(c.amount_cents)::float8 AS balance_cents
    FROM credit_entries c JOIN organizations o ON o.id = c.org_id
    WHERE $1::text IS NULL OR c.org_id = $1::text
    GROUP BY c.org_id
) AS held, open_credit_months(held.org_id, $2::timestamptz) AS m
ORDER BY held.org_id, m.month`,
  params: ['orgId', 'now'],
  json: [],
  columns: ['orgId', 'balanceCents', 'month', 'cpu', 'memory', 'storage', 'toldCents'],
})
