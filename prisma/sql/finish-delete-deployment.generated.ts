// Written by `npm run gen` from finish-delete-deployment.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type UserId, type OrgId, type TeamId, type DeploymentId } from '../../src/contract/ids.ts'
import { type ResourceName } from '../../src/contract/names.ts'

/**
 * The cluster confirmed that nothing of a deleted deployment is left, and its secrets were destroyed: its host
 * names, its secrets' metadata and its place under the limit become free, the last one exactly once, however
 * often and by however many workers this is called. The row stays without counting, so that its id and its name
 * are never given again. Answers with no row when there was nothing to finish.
 */
export const finishDeleteDeployment = statement<
  { deploymentId: DeploymentId; auditId: Id<'aud'>; activityId: Id<'act'> },
  { deploymentId: DeploymentId; orgId: OrgId; teamId: TeamId; ownerId: UserId; deploymentName: ResourceName }
>({
  name: 'finish-delete-deployment',
  text: `WITH removed AS (
    UPDATE deployments SET
        removed_at = now(), keeper_id = NULL, updated_at = now(), pushed_generation = generation, push_error = NULL,
        push_claimed_by = NULL, push_claimed_until = NULL
    WHERE id = $1 AND deleted_at IS NOT NULL AND removed_at IS NULL
    RETURNING id, org_id, team_id, owner_id, name, display_name
), freed AS (
    UPDATE organizations o SET
        deployments_used = o.deployments_used - 1,
        domains_used = o.domains_used - (
            SELECT count(*)::int FROM host_names h
            WHERE h.deployment_id = removed.id AND h.released_generation IS NULL
        )
    FROM removed WHERE o.id = removed.org_id
), hosts AS (
    DELETE FROM host_names h USING removed WHERE h.deployment_id = removed.id
), secret AS (
    DELETE FROM secret_meta m USING removed WHERE m.deployment_id = removed.id
), unfollowed AS (
    DELETE FROM image_follows f USING removed WHERE f.deployment_id = removed.id
), audited AS (
    INSERT INTO audit_events (id, org_id, team_id, actor_kind, actor_name, action, target_id, target_name)
    SELECT $2, org_id, team_id, 'system', 'Shipyard', 'deployment:removed', id, display_name FROM removed
), told AS (
    INSERT INTO activity (id, deployment_id, kind, actor_name)
    SELECT $3, id, 'removed', 'Shipyard' FROM removed
)
SELECT id AS deployment_id, org_id, team_id, owner_id, name AS deployment_name FROM removed`,
  params: ['deploymentId', 'auditId', 'activityId'],
  json: [],
  columns: ['deploymentId', 'orgId', 'teamId', 'ownerId', 'deploymentName'],
})
