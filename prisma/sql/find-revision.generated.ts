// Written by `npm run gen` from find-revision.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type UserId, type TeamId, type DeploymentId } from '../../src/contract/ids.ts'
import { type ResourceName } from '../../src/contract/names.ts'

/**
 * One revision of a deployment beside the deployment as it is now, or no row when the deployment or the revision is
 * not there. It is what going back decides on.
 */
export const findRevision = statement<
  { wantedRevision: number; deploymentId: DeploymentId },
  { deploymentId: DeploymentId; deploymentName: ResourceName; generation: number; deletedAt: Date | null; ownerId: UserId; teamId: TeamId; revision: number; spec: unknown; wantedRevision: number; wantedSpec: unknown; wantedOrigins: Record<string, Record<string, number>> }
>({
  name: 'find-revision',
  text: `SELECT
    d.id AS deployment_id, d.name AS deployment_name, d.generation, d.deleted_at, d.owner_id, d.team_id,
    d.current_revision AS revision, current.spec,
    r.number AS wanted_revision, r.spec AS wanted_spec, r.secret_origins AS wanted_origins
FROM deployments d
    JOIN revisions current ON current.deployment_id = d.id AND current.number = d.current_revision
    JOIN revisions r ON r.deployment_id = d.id AND r.number = $1
WHERE d.id = $2 AND d.removed_at IS NULL`,
  params: ['wantedRevision', 'deploymentId'],
  json: [],
  columns: ['deploymentId', 'deploymentName', 'generation', 'deletedAt', 'ownerId', 'teamId', 'revision', 'spec', 'wantedRevision', 'wantedSpec', 'wantedOrigins'],
})
