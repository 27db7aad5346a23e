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
  { service: string; deploymentId: DeploymentId; watchedImage: string; digest: ImageDigest; pauseSeconds: number; image: ImageReference; present: string | null; onBehalfOfId: string | null; actorId: string | null; actorName: string; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; requestId: string | null; ip: string | null; userAgent: string | null; activityId: Id<'act'> },
  { deploymentId: DeploymentId; teamId: TeamId }
>({
  name: 'follow-image',
  text: `WITH live AS (
    SELECT d.id, d.org_id, d.team_id, d.display_name,
        EXISTS (SELECT FROM image_follows f WHERE f.deployment_id = d.id AND f.service = $1) AS was_followed
    FROM deployments d WHERE d.id = $2 AND d.deleted_at IS NULL
), watched AS (
    INSERT INTO watched_images AS w (image, digest, asked_at, ask_after)
    SELECT $3, $4, now(), now() + make_interval(secs => $5::float8) FROM live
    ON CONFLICT (image) DO UPDATE SET
        digest = excluded.digest, asked_at = now(), ask_after = excluded.ask_after, attempts = 0, problem = NULL,
        claimed_by = NULL, claimed_until = NULL
), followed AS (
    INSERT INTO image_follows AS f
        (deployment_id, service, image, watched_image, digest, followed_by_id, followed_by_name)
    SELECT id, $1, $6, $3, $7, coalesce($8, $9), $10 FROM live
    ON CONFLICT (deployment_id, service) DO UPDATE SET
        image = excluded.image, watched_image = excluded.watched_image, digest = excluded.digest,
        followed_by_id = excluded.followed_by_id, followed_by_name = excluded.followed_by_name
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name,
        detail, changes, request_id, ip, user_agent)
    SELECT $11, org_id, team_id, $12, $9, $10, $8, 'deployment:update', id, display_name,
        jsonb_build_object('service', $1::text, 'image', $6::text, 'isFollowed', true),
        jsonb_build_object('services.' || $1::text || '.isFollowed', jsonb_build_object('from', was_followed, 'to', true)),
        $13, $14, $15
    FROM live
), told AS (
    INSERT INTO activity (id, deployment_id, kind, actor_id, actor_name, detail)
    SELECT $16, id, 'image_followed', coalesce($8, $9), $10,
        jsonb_build_object('service', $1::text, 'image', $6::text)
    FROM live
)
SELECT id AS deployment_id, team_id FROM live`,
  params: ['service', 'deploymentId', 'watchedImage', 'digest', 'pauseSeconds', 'image', 'present', 'onBehalfOfId', 'actorId', 'actorName', 'auditId', 'actorKind', 'requestId', 'ip', 'userAgent', 'activityId'],
  json: [],
  columns: ['deploymentId', 'teamId'],
})
