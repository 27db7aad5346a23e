// Written by `npm run gen` from follow-image.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type TeamId, type DeploymentId } from '../../src/contract/ids.ts'
import { type ImageReference, type ImageDigest } from '../../src/contract/image.ts'

/**
 * Has a service follow the tag of its image from now on, in the name of who asks. `present` is the digest that it runs,
 * `digest` what the registry says of the tag now; where they differ, the next run of the watcher brings it there.
 * Asking again for the same changes nothing but who asked. Answers with no row when there is no such deployment.
 */
export const followImage = statement<
  { deploymentId: DeploymentId; watchedImage: string; digest: ImageDigest; pauseSeconds: number; service: string; image: ImageReference; present: string | null; actorId: string; actorName: string; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; requestId: string | null; activityId: Id<'act'> },
  { deploymentId: DeploymentId; teamId: TeamId }
>({
  name: 'follow-image',
  text: `WITH live AS (
    SELECT id, org_id, team_id, display_name FROM deployments WHERE id = $1 AND deleted_at IS NULL
), watched AS (
    INSERT INTO watched_images AS w (image, digest, asked_at, ask_after)
    SELECT $2, $3, now(), now() + make_interval(secs => $4::float8) FROM live
    ON CONFLICT (image) DO UPDATE SET
        digest = excluded.digest, asked_at = now(), ask_after = excluded.ask_after, attempts = 0, problem = NULL,
        claimed_by = NULL, claimed_until = NULL
), followed AS (
    INSERT INTO image_follows AS f
        (deployment_id, service, image, watched_image, digest, followed_by_id, followed_by_name)
    SELECT id, $5, $6, $2, $7, $8, $9 FROM live
    ON CONFLICT (deployment_id, service) DO UPDATE SET
        image = excluded.image, watched_image = excluded.watched_image, digest = excluded.digest,
        followed_by_id = excluded.followed_by_id, followed_by_name = excluded.followed_by_name
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, action, target_id, target_name, detail, request_id)
    SELECT $10, org_id, team_id, $11, $8, $9, 'deployment:update', id, display_name,
        jsonb_build_object('service', $5::text, 'image', $6::text, 'isFollowed', true), $12
    FROM live
), told AS (
    INSERT INTO activity (id, deployment_id, kind, actor_id, actor_name, detail)
    SELECT $13, id, 'image_followed', $8, $9,
        jsonb_build_object('service', $5::text, 'image', $6::text)
    FROM live
)
SELECT id AS deployment_id, team_id FROM live`,
  params: ['deploymentId', 'watchedImage', 'digest', 'pauseSeconds', 'service', 'image', 'present', 'actorId', 'actorName', 'auditId', 'actorKind', 'requestId', 'activityId'],
  json: [],
  columns: ['deploymentId', 'teamId'],
})
