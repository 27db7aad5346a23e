// Written by `npm run gen` from count-try.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'

/**
 * Somebody tries something once more: how often that makes since the window began, and when it ends. A window that is
 * over begins anew with this try.
 */
export const countTry = statement<
  { key: string; windowEndsAt: Date; now: Date },
  { used: number; windowEndsAt: Date }
>({
  name: 'count-try',
  text: `INSERT INTO rate_limits AS r (key, used, window_ends_at) VALUES ($1, 1, $2)
ON CONFLICT (key) DO UPDATE SET
    used = CASE WHEN r.window_ends_at <= $3 THEN 1 ELSE least(r.used + 1, 1000000) END,
    window_ends_at = CASE WHEN r.window_ends_at <= $3 THEN excluded.window_ends_at ELSE r.window_ends_at END
RETURNING used, window_ends_at`,
  params: ['key', 'windowEndsAt', 'now'],
  json: [],
  columns: ['used', 'windowEndsAt'],
})
