-- Keeps an organisation's counters as they are until the transaction ends.
SELECT id AS org_id FROM organizations WHERE id = :orgId FOR NO KEY UPDATE
