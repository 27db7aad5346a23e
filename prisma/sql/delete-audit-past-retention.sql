-- Removes audit rows that are older than the plan of their organisation keeps them; the one way in which any are.
SELECT delete_audit_past_retention(:now, :limit) AS "removed!"
