// Written by `npm run gen` from claim-images.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type ImageReference } from '../../src/contract/image.ts'

/**
 * Gives a worker tags that a registry is to be asked for, each once however many deployments follow it. Each is its
 * alone for `leaseSeconds`, in which it says what came of it (mark-image-asked.sql). Tags that only stopped, suspended
 * or deleted deployments follow are left alone.
 */
export const claimImages = statement<
  { limit: number; worker: string; leaseSeconds: number },
  { image: ImageReference; attempts: number }
>({
  name: 'claim-images',
  text: `WITH due AS (
    SELECT image FROM watched_images w
    WHERE ask_after <= now() + interval '1 millisecond' AND (claimed_until IS NULL OR claimed_until < now())
        AND EXISTS (
            SELECT FROM image_follows f
                JOIN deployments d ON d.id = f.deployment_id JOIN organizations o ON o.id = d.org_id
            WHERE f.watched_image = w.image AND d.deleted_at IS NULL AND NOT d.suspended AND o.suspended_at IS NULL
                AND o.billing_stage NOT IN ('suspended', 'removing', 'removed')
        )
    ORDER BY ask_after
    LIMIT $1::int
    FOR UPDATE OF w SKIP LOCKED
)
UPDATE watched_images w SET
    claimed_by = $2, claimed_until = now() + make_interval(secs => $3::float8)
FROM due WHERE w.image = due.image
RETURNING w.image, w.attempts`,
  params: ['limit', 'worker', 'leaseSeconds'],
  json: [],
  columns: ['image', 'attempts'],
})
