// Written by `npm run gen` from enter-usage-report.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type OrgId } from '../../src/contract/ids.ts'

/**
 * Enters what is to be told to Stripe of an organisation's usage. Reports of a month are numbered, so of two servers that
 * have seen the same reports one enters the next. No row: the other did.
 */
export const enterUsageReport = statement<
  { orgId: OrgId; month: string; ordinal: number; customerId: string; cents: number; usedAt: Date },
  { ordinal: number }
>({
  name: 'enter-usage-report',
  text: `INSERT INTO usage_reports (org_id, month, ordinal, customer_id, cents, used_at, try_after)
VALUES ($1, $2, $3::int, $4, $5::int, $6, $6)
ON CONFLICT (org_id, month, ordinal) DO NOTHING
RETURNING ordinal`,
  params: ['orgId', 'month', 'ordinal', 'customerId', 'cents', 'usedAt'],
  json: [],
  columns: ['ordinal'],
})
