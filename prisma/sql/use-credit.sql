-- Enters how much of what a month cost was paid by credit: all that there is, and no more than the month cost. Once for
-- each month, whoever asks. No row: it is entered already.
INSERT INTO credit_entries (id, org_id, amount_cents, month, reason, actor_name)
SELECT :creditId, :orgId, -least(greatest(coalesce(sum(amount_cents), 0), 0), :costCents::int), :month,
    'Usage of ' || :month, 'Shipyard'
FROM credit_entries WHERE org_id = :orgId
ON CONFLICT (org_id, month) DO NOTHING
RETURNING amount_cents
