-- Enters what is to be told to Stripe of an organisation's usage. Reports of a month are numbered, so of two servers that
-- have seen the same reports one enters the next. No row: the other did.
INSERT INTO usage_reports (org_id, month, ordinal, customer_id, cents, used_at, try_after)
VALUES (:orgId, :month, :ordinal::int, :customerId, :cents::int, :usedAt, :usedAt)
ON CONFLICT (org_id, month, ordinal) DO NOTHING
RETURNING ordinal
