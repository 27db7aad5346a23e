-- Of organisations that ever had credit: what they have in the ledger of it, and what they used in each month of which it
-- does not say yet how much credit paid for, up to the present one; with what of it Stripe was told, which credit pays for
-- no more. By organisation and month. A null organisation is all of them.
--
-- @nullable orgId
SELECT
    held.org_id AS "org_id!", held.balance_cents AS "balance_cents!", m.month AS "month!", m.cpu AS "cpu!",
    m.memory AS "memory!", m.storage AS "storage!", m.told_cents AS "told_cents!"
FROM (
    SELECT c.org_id, sum(c.amount_cents)::float8 AS balance_cents
    FROM credit_entries c JOIN organizations o ON o.id = c.org_id
    WHERE :orgId::text IS NULL OR c.org_id = :orgId::text
    GROUP BY c.org_id
) AS held, open_credit_months(held.org_id, :now::timestamptz) AS m
ORDER BY held.org_id, m.month
