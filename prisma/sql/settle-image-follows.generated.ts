// Written by `npm run gen` from settle-image-follows.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type DeploymentId } from '../../src/contract/ids.ts'

/**
 * Somebody deployed by hand what the tag means by now: there is nothing left to follow, and going back from there is
 * that person's choice.
 */
export const settleImageFollows = statement<
  object,
  { deploymentId: DeploymentId }
>({
  name: 'settle-image-follows',
  text: `UPDATE image_follows f SET digest = w.digest
FROM watched_images w, deployments d, revisions r, jsonb_array_elements(r.spec -> 'services') AS s
WHERE w.image = f.watched_image AND w.digest IS DISTINCT FROM f.digest
    AND d.id = f.deployment_id AND r.deployment_id = d.id AND r.number = d.current_revision
    AND s ->> 'name' = f.service AND s ->> 'image' = f.image || '@' || w.digest
RETURNING f.deployment_id`,
  params: [],
  json: [],
  columns: ['deploymentId'],
})
