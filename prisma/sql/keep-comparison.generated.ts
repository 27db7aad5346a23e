// Written by `npm run gen` from keep-comparison.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id } from '../../src/contract/ids.ts'

/**
 * Keeps what was seen, and of what was seen before the newest `kept`; with an audit row where somebody asked for it.
 */
export const keepComparison = statement<
  { id: string; takenAt: Date; report: unknown; kept: number; auditId: Id<'aud'> | null; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; differences: number; requestId: string | null; ip: string | null; userAgent: string | null },
  { done: number }
>({
  name: 'keep-comparison',
  text: `WITH kept AS (
    INSERT INTO comparisons (id, taken_at, report) VALUES ($1, $2::timestamptz, $3::jsonb)
), forgotten AS (
    DELETE FROM comparisons
    WHERE id IN (SELECT c.id FROM comparisons c ORDER BY c.taken_at DESC, c.id OFFSET $4::int - 1)
), audited AS (
    INSERT INTO audit_events
        (id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT $5, $6, $7, $8, $9, 'billing:compare', $1, 'comparison',
        jsonb_build_object('differences', $10::int), $11, $12, $13
    WHERE $5::text IS NOT NULL
)
SELECT 1 AS done`,
  params: ['id', 'takenAt', 'report', 'kept', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'differences', 'requestId', 'ip', 'userAgent'],
  json: ['report'],
  columns: ['done'],
})
