// Written by `npm run gen` from unfollow-image.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type TeamId, type DeploymentId } from '../../src/contract/ids.ts'

/**
 * Leaves the image of a service to people again. Answers with no row when it followed nothing.
 */
export const unfollowImage = statement<
  { deploymentId: DeploymentId; service: string; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; actorName: string; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null; activityId: Id<'act'> },
  { deploymentId: DeploymentId; teamId: TeamId }
>({
  name: 'unfollow-image',
  text: `WITH ended AS (
    DELETE FROM image_follows f USING deployments d
    WHERE f.deployment_id = $1 AND f.service = $2 AND d.id = f.deployment_id
    RETURNING d.id, d.org_id, d.team_id, d.display_name, f.image
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name,
        detail, changes, request_id, ip, user_agent)
    SELECT $3, org_id, team_id, $4, $5, $6, $7, 'deployment:update', id, display_name,
        jsonb_build_object('service', $2::text, 'image', image, 'isFollowed', false),
        jsonb_build_object('services.' || $2::text || '.isFollowed', jsonb_build_object('from', true, 'to', false)),
        $8, $9, $10
    FROM ended
), told AS (
    INSERT INTO activity (id, deployment_id, kind, actor_id, actor_name, detail)
    SELECT $11, id, 'image_unfollowed', coalesce($7, $5), $6,
        jsonb_build_object('service', $2::text, 'image', image)
    FROM ended
)
SELECT id AS deployment_id, team_id FROM ended`,
  params: ['deploymentId', 'service', 'auditId', 'actorKind', 'actorId', 'actorName', 'onBehalfOfId', 'requestId', 'ip', 'userAgent', 'activityId'],
  json: [],
  columns: ['deploymentId', 'teamId'],
})
