-- Effects that ended long ago, some at a time.
DELETE FROM outbox WHERE id IN (
    SELECT id FROM outbox
    WHERE coalesce(done_at, given_up_at) < now() - make_interval(secs => :ageSeconds::float8)
    LIMIT 1000
)
RETURNING id
