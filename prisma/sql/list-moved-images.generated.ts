// Written by `npm run gen` from list-moved-images.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type UserId, type TeamId, type DeploymentId } from '../../src/contract/ids.ts'
import { type ResourceName, type ServiceName } from '../../src/contract/names.ts'
import { type ImageReference, type ImageDigest } from '../../src/contract/image.ts'

/**
 * Services whose tag means another digest than the one that was acted upon last, with what a change of their
 * deployment needs to know: one page, or those of one deployment. None that is stopped, suspended or being deleted,
 * and none that was given another image by hand.
 */
export const listMovedImages = statement<
  { only: string | null; after: string | null; limit: number },
  { deploymentId: DeploymentId; deploymentName: ResourceName; generation: number; deletedAt: Date | null; ownerId: UserId; teamId: TeamId; revision: number; spec: unknown; service: ServiceName; image: ImageReference; digest: ImageDigest; followedById: UserId; followedByName: string }
>({
  name: 'list-moved-images',
  text: `SELECT
    d.id AS deployment_id, d.name AS deployment_name, d.generation, d.deleted_at, d.owner_id, d.team_id,
    r.number AS revision, r.spec,
    f.service, f.image, w.digest AS digest, f.followed_by_id, f.followed_by_name
FROM image_follows f
    JOIN watched_images w ON w.image = f.watched_image
    JOIN deployments d ON d.id = f.deployment_id
    JOIN organizations o ON o.id = d.org_id
    JOIN revisions r ON r.deployment_id = d.id AND r.number = d.current_revision
WHERE w.digest IS NOT NULL AND w.digest IS DISTINCT FROM f.digest
    AND d.deleted_at IS NULL AND NOT d.suspended AND o.suspended_at IS NULL
    AND o.billing_stage NOT IN ('suspended', 'removing', 'removed')
    AND ($1::text IS NULL OR d.id = $1)
    AND d.id || '/' || f.service > coalesce($2::text, '')
    AND EXISTS (
        SELECT FROM jsonb_array_elements(r.spec -> 'services') AS s
        WHERE s ->> 'name' = f.service AND split_part(s ->> 'image', '@', 1) = f.image
    )
ORDER BY d.id || '/' || f.service
LIMIT $3::int`,
  params: ['only', 'after', 'limit'],
  json: [],
  columns: ['deploymentId', 'deploymentName', 'generation', 'deletedAt', 'ownerId', 'teamId', 'revision', 'spec', 'service', 'image', 'digest', 'followedById', 'followedByName'],
})
