-- Has the owner told, once a month and amount, that the budget is nearly used up. No row: somebody was quicker.
--
-- @nullable mailId
WITH warned AS (
    UPDATE budgets SET warned_month = :month
    WHERE org_id = :orgId AND amount_cents = :amountCents::int AND warned_month IS DISTINCT FROM :month
    RETURNING org_id
), mail AS (
    INSERT INTO outbox (id, kind, key, payload)
    SELECT :mailId, 'budget', :mailId, :payload::jsonb FROM warned WHERE :mailId::text IS NOT NULL
)
SELECT org_id FROM warned
