// Written by `npm run gen` from list-image-follows.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type DeploymentId } from '../../src/contract/ids.ts'
import { type ServiceName } from '../../src/contract/names.ts'

/**
 * What the services of a deployment follow. One that was given another image by hand keeps its entry, and nothing is
 * done about it (`isCurrent` is false).
 */
export const listImageFollows = statement<
  { deploymentId: DeploymentId },
  { service: ServiceName; image: string; followedByName: string; createdAt: Date; askedAt: Date | null; problem: string | null; isCurrent: boolean }
>({
  name: 'list-image-follows',
  text: `SELECT
    f.service, f.image, f.followed_by_name, f.created_at, w.asked_at, w.problem,
    EXISTS (
        SELECT FROM jsonb_array_elements(r.spec -> 'services') AS s
        WHERE s ->> 'name' = f.service AND split_part(s ->> 'image', '@', 1) = f.image
    ) AS is_current
FROM image_follows f
    JOIN watched_images w ON w.image = f.watched_image
    JOIN deployments d ON d.id = f.deployment_id
    JOIN revisions r ON r.deployment_id = d.id AND r.number = d.current_revision
WHERE f.deployment_id = $1 AND d.removed_at IS NULL
ORDER BY f.service`,
  params: ['deploymentId'],
  json: [],
  columns: ['service', 'image', 'followedByName', 'createdAt', 'askedAt', 'problem', 'isCurrent'],
})
