-- A report that Stripe refuses stands behind all others until it is tried again. What schema.prisma says comes first; what
-- Prisma cannot say comes after "Rules".
ALTER TABLE usage_reports ADD COLUMN try_after TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- Rules ───────────────────────────────────────────────────────────────────────────────────────────────────

DROP INDEX usage_reports_waiting_idx;
CREATE INDEX usage_reports_waiting_idx ON usage_reports(try_after) WHERE sent_at IS NULL;
