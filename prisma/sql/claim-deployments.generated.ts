// Written by `npm run gen` from claim-deployments.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type UserId, type OrgId, type TeamId, type DeploymentId } from '../../src/contract/ids.ts'
import { type ResourceName, type HostName } from '../../src/contract/names.ts'

/**
 * Gives a worker the deployments whose custom resource is behind what is wanted, with all that the resource is
 * made from. Each is its alone for `leaseSeconds`, in which it writes the resource and says so
 * (mark-deployment-pushed.sql, mark-push-failed.sql); a worker that dies loses its claim by that time. A push must
 * give up before its lease ends.
 */
export const claimDeployments = statement<
  { limit: number; worker: string; leaseSeconds: number },
  { deploymentId: DeploymentId; deploymentName: ResourceName; displayName: string; generation: number; pushedGeneration: number; pushAttempts: number; createdAt: Date; deletedAt: Date | null; restartedAt: Date | null; suspended: boolean; ownerId: UserId; ownerName: string; orgId: OrgId; orgName: string; teamId: TeamId; teamName: string; isolation: 'shared' | 'namespace' | 'dedicated'; planId: string; templateName: string; templateVersion: number; revision: number; spec: unknown; secretVersions: Record<string, number>; hosts: HostName[] }
>({
  name: 'claim-deployments',
  text: `WITH due AS (
    SELECT id FROM deployments
    WHERE pushed_generation < generation
        AND push_after <= now() + interval '1 millisecond'
        AND (push_claimed_until IS NULL OR push_claimed_until < now())
    ORDER BY push_after
    LIMIT $1::int
    FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE deployments d SET
        push_claimed_by = $2, push_claimed_until = now() + make_interval(secs => $3::float8),
        push_attempts = d.push_attempts + 1
    FROM due WHERE d.id = due.id
    RETURNING d.*
)
SELECT
    d.id AS deployment_id, d.name AS deployment_name, d.display_name, d.generation, d.pushed_generation,
    d.push_attempts, d.created_at, d.deleted_at, d.restarted_at,
    (d.suspended OR d.held OR o.suspended_at IS NOT NULL OR o.budget_stopped_at IS NOT NULL
        OR o.billing_stage IN ('suspended', 'removing', 'removed')) AS suspended,
    d.owner_id, u.name AS owner_name, d.org_id, o.name AS org_name, d.team_id, t.name AS team_name,
    p.isolation, p.id AS plan_id,
    tpl.name AS template_name, v.number AS template_version,
    r.number AS revision, r.spec, r.secret_versions,
    ARRAY(
        SELECT h.host FROM host_names h
        WHERE h.deployment_id = d.id AND h.released_generation IS NULL ORDER BY h.host
    ) AS hosts
FROM claimed d
    JOIN revisions r ON r.deployment_id = d.id AND r.number = d.current_revision
    JOIN users u ON u.id = d.owner_id
    JOIN organizations o ON o.id = d.org_id
    JOIN plans p ON p.id = o.plan_id
    JOIN teams t ON t.id = d.team_id
    JOIN template_versions v ON v.id = d.template_version_id
    JOIN templates tpl ON tpl.id = v.template_id`,
  params: ['limit', 'worker', 'leaseSeconds'],
  json: [],
  columns: ['deploymentId', 'deploymentName', 'displayName', 'generation', 'pushedGeneration', 'pushAttempts', 'createdAt', 'deletedAt', 'restartedAt', 'suspended', 'ownerId', 'ownerName', 'orgId', 'orgName', 'teamId', 'teamName', 'isolation', 'planId', 'templateName', 'templateVersion', 'revision', 'spec', 'secretVersions', 'hosts'],
})
