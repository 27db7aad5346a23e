// Written by `npm run gen` from use-credit.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type OrgId } from '../../src/contract/ids.ts'

/**
 * Enters how much of what a month cost was paid by credit: all that there is, and no more than the month cost. Once for
 * each month, whoever asks. No row: it is entered already.
 */
export const useCredit = statement<
  { creditId: string; orgId: OrgId; costCents: number; month: string },
  { amountCents: number }
>({
  name: 'use-credit',
  text: `INSERT INTO credit_entries (id, org_id, amount_cents, month, reason, actor_name)
SELECT $1, $2, -least(greatest(coalesce(sum(amount_cents), 0), 0), $3::int), $4,
    'Usage of ' || $4, 'Shipyard'
FROM credit_entries WHERE org_id = $2
ON CONFLICT (org_id, month) DO NOTHING
RETURNING amount_cents`,
  params: ['creditId', 'orgId', 'costCents', 'month'],
  json: [],
  columns: ['amountCents'],
})
