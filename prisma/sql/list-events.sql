-- A page of the inbox, newest first, with whose customers its events are about, and how many events wait in all.
-- Where there is no event, the only row tells the number alone. `which` is all, waiting, or idle: those that had no effect.
--
-- @type outcome 'folded' | 'ended' | 'unknown_customer' | 'no_customer' | 'unknown_type'
-- @type which 'all' | 'waiting' | 'idle'
-- @nullable afterAt afterId
WITH page AS (
    SELECT * FROM stripe_events e
    WHERE CASE :which::text
            WHEN 'waiting' THEN e.processed_at IS NULL
            WHEN 'idle' THEN e.outcome IN ('unknown_customer', 'no_customer', 'unknown_type')
            ELSE true
        END
        AND (:afterAt::timestamptz IS NULL OR (e.received_at, e.id) < (:afterAt, :afterId::text))
    ORDER BY e.received_at DESC, e.id DESC
    LIMIT :limit::int
)
SELECT waiting.count AS "waiting!", page.id AS "event_id?", page.type AS "type?", page.customer_id AS "customer_id?",
    o.id AS "org_id?", o.name AS "org_name?", page.source AS "source?", page.created_at AS "created_at?",
    page.received_at AS "received_at?", page.outcome AS "outcome?", page.attempts AS "attempts?", page.error AS "error?"
FROM (SELECT count(*)::int AS count FROM stripe_events WHERE processed_at IS NULL) AS waiting
    LEFT JOIN page ON true
    LEFT JOIN organizations o ON o.stripe_customer_id = page.customer_id
ORDER BY page.received_at DESC, page.id DESC
