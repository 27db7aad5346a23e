// Written by `npm run gen` from take-sign-in.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'

/**
 * Somebody comes back from the issuer: the sign-in that the browser's cookie names is used up. However often it is
 * asked for at the same time, one asker gets `taken`.
 */
export const takeSignIn = statement<
  { handleHash: string; now: Date },
  { outcome: 'taken' | 'unknown' | 'expired' | 'used'; redirect: string | null }
>({
  name: 'take-sign-in',
  text: `WITH found AS (
    SELECT redirect, expires_at FROM sign_in_attempts WHERE handle_hash = $1
), taken AS (
    UPDATE sign_in_attempts SET used_at = $2
    WHERE handle_hash = $1 AND used_at IS NULL AND expires_at > $2
    RETURNING redirect
)
SELECT
    CASE
        WHEN EXISTS (SELECT FROM taken) THEN 'taken'
        WHEN NOT EXISTS (SELECT FROM found) THEN 'unknown'
        WHEN (SELECT expires_at FROM found) <= $2 THEN 'expired'
        ELSE 'used'
    END AS outcome,
    (SELECT redirect FROM found) AS redirect`,
  params: ['handleHash', 'now'],
  json: [],
  columns: ['outcome', 'redirect'],
})
