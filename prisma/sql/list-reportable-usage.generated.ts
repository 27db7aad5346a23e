// Written by `npm run gen` from list-reportable-usage.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type OrgId } from '../../src/contract/ids.ts'

/**
 * Organisations with a customer at Stripe that used something in a month: what it was, what of it was told to Stripe in how
 * many reports, and, where the month is closed, what credit paid for.
 */
export const listReportableUsage = statement<
  { from: Date; to: Date; month: string },
  { orgId: OrgId; customerId: string; cpu: number; memory: number; storage: number; toldCents: number; reports: number; creditedCents: number | null }
>({
  name: 'list-reportable-usage',
  text: `SELECT
    o.id AS org_id, o.stripe_customer_id AS customer_id,
    used.cpu::float8 AS cpu, used.memory::float8 AS memory, used.storage::float8 AS storage,
    coalesce(told.cents, 0)::float8 AS told_cents, coalesce(told.reports, 0)::int AS reports,
    -c.amount_cents AS credited_cents
FROM organizations o
    JOIN LATERAL (
        SELECT sum(u.cpu_milli_seconds) AS cpu, sum(u.memory_mib_seconds) AS memory,
            sum(u.storage_mib_seconds) AS storage
        FROM usage_hours u
        WHERE u.org_id = o.id AND u.hour >= $1::timestamptz AND u.hour < $2::timestamptz
        HAVING count(*) > 0
    ) AS used ON true
    LEFT JOIN LATERAL (
        SELECT sum(r.cents) AS cents, count(*) AS reports FROM usage_reports r
        WHERE r.org_id = o.id AND r.month = $3
    ) AS told ON true
    LEFT JOIN credit_entries c ON c.org_id = o.id AND c.month = $3
WHERE o.stripe_customer_id IS NOT NULL
ORDER BY o.id`,
  params: ['from', 'to', 'month'],
  json: [],
  columns: ['orgId', 'customerId', 'cpu', 'memory', 'storage', 'toldCents', 'reports', 'creditedCents'],
})
