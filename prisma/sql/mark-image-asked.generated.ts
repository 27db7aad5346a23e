// Written by `npm run gen` from mark-image-asked.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'

/**
 * What a registry said of a tag, and when it is asked next. Answers with no row when the claim had passed to another
 * worker, whose answer is newer.
 */
export const markImageAsked = statement<
  { digest: string | null; problem: string | null; pauseSeconds: number; image: string; worker: string },
  { image: string }
>({
  name: 'mark-image-asked',
  text: `UPDATE watched_images SET
    digest = coalesce($1, digest), problem = $2::text, asked_at = now(),
    attempts = CASE WHEN $2::text IS NULL THEN 0 ELSE attempts + 1 END,
    ask_after = now() + make_interval(secs => $3::float8), claimed_by = NULL, claimed_until = NULL
WHERE image = $4 AND claimed_by = $5
RETURNING image`,
  params: ['digest', 'problem', 'pauseSeconds', 'image', 'worker'],
  json: [],
  columns: ['image'],
})
