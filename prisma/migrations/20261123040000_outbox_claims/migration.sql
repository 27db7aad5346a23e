-- Who does an effect now, and which are given up. What schema.prisma says comes first; what Prisma cannot say comes
-- after "Rules".

ALTER TABLE outbox ADD COLUMN claimed_by TEXT;
ALTER TABLE outbox ADD COLUMN given_up_at TIMESTAMPTZ(3);

-- Rules ───────────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE outbox ADD CONSTRAINT outbox_end_check CHECK (done_at IS NULL OR given_up_at IS NULL);
CREATE INDEX outbox_waiting ON outbox (send_after) WHERE done_at IS NULL AND given_up_at IS NULL;
-- They are looked for at every run of the loop.
CREATE INDEX outbox_ended ON outbox (coalesce(done_at, given_up_at));
