// Written by `npm run gen` from create-deployment.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type UserId, type OrgId, type TeamId, type DeploymentId, type RevisionId, type TemplateVersionId, type SecretId } from '../../src/contract/ids.ts'
import { type ResourceName, type HostName } from '../../src/contract/names.ts'

/**
 * Creates a deployment with its first revision, host names, secrets' metadata, audit and activity, and counts it
 * against the organisation's limit. The counter is the first step and everything depends on it: of many callers
 * with one place left exactly one gets in (a count under a lock would use a snapshot older than the lock). Its chosen host
 * names are counted by the same step. The plan is looked up within the condition, so that whoever waited for a change of
 * plan is held to the new one; its numbers in the answer are those from before, null where they were no limit.
 *
 * Repeating it with the same id is harmless: outcome `exists`, with the row as it is. Two callers at the very same
 * time end in a violation of deployments_pkey for one of them, which then asks again (see `repeatOn`). A host name
 * of another deployment violates host_names_pkey; a generated name that was taken, deployments_name_key.
 */
export const createDeployment = statement<
  { deploymentId: DeploymentId; teamId: TeamId; orgId: OrgId; hosts: HostName[]; enforceLimit: boolean; deploymentName: ResourceName; displayName: string; ownerId: UserId; templateVersionId: TemplateVersionId; revisionId: RevisionId; spec: unknown; secretVersions: Record<string, number>; secretOrigins: Record<string, Record<string, number>>; onBehalfOfId: string | null; actorId: string | null; actorName: string; note: string; secrets: { id: SecretId; layer: 'deployment' | 'service'; path: string; key: string; version: number; service: string | null; description: string }[]; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; changes: Record<string, { from: unknown; to: unknown }>; requestId: string | null; ip: string | null; userAgent: string | null; activityId: Id<'act'> },
  { outcome: 'created' | 'exists' | 'belongs_to_another_team' | 'no_such_team' | 'org_suspended' | 'payment_required' | 'limit_reached' | 'domain_limit_reached'; deploymentName: ResourceName | null; generation: number | null; deploymentsUsed: number | null; deploymentsLimit: number | null; domainsUsed: number | null; domainsLimit: number | null; planId: string | null }
>({
  name: 'create-deployment',
  text: `WITH existing AS (
    SELECT id, team_id, name, generation FROM deployments WHERE id = $1
), org AS (
    SELECT o.id, o.deployments_used, coalesce(o.deployments_limit, p.deployments_limit) AS deployments_limit,
        o.domains_used, coalesce(o.domains_limit, p.domains_limit) AS domains_limit,
        o.suspended_at IS NOT NULL AS suspended, NOT o.billing_stage IN ('full', 'banner') AS unpaid, p.id AS plan_id
    FROM teams t JOIN organizations o ON o.id = t.org_id JOIN plans p ON p.id = o.plan_id
    WHERE t.id = $2 AND t.org_id = $3
), counted AS (
    UPDATE organizations o SET
        deployments_used = o.deployments_used + 1, domains_used = o.domains_used + cardinality($4::text[])
    WHERE o.id = (SELECT id FROM org) AND NOT EXISTS (SELECT FROM existing)
        AND o.suspended_at IS NULL AND o.billing_stage IN ('full', 'banner')
        AND (NOT $5::boolean OR (
            SELECT o.deployments_used < coalesce(o.deployments_limit, p.deployments_limit, 2147483647)
                AND (cardinality($4::text[]) = 0 OR o.domains_used + cardinality($4::text[])
                    <= coalesce(o.domains_limit, p.domains_limit, 2147483647))
            FROM plans p WHERE p.id = o.plan_id
        ))
    RETURNING o.id, o.deployments_used
), created AS (
    INSERT INTO deployments
        (id, name, display_name, org_id, team_id, owner_id, keeper_id, template_version_id, current_revision)
    SELECT $1, $6, $7, counted.id, $2, $8, $8, $9, 1
    FROM counted
    RETURNING id, org_id, team_id, name, display_name, generation
), revision AS (
    INSERT INTO revisions
        (id, deployment_id, number, generation, spec, secret_versions, secret_origins, author_id, author_name, note)
    SELECT $10, id, 1, 1, $11::jsonb, $12::jsonb, $13::jsonb,
        coalesce($14, $15), $16, $17
    FROM created
), hosts AS (
    INSERT INTO host_names (host, deployment_id) SELECT unnest($4::text[]), id FROM created
), secret AS (
    INSERT INTO secret_meta
        (id, layer, path, key, version, service, description, deployment_id, author_id, author_name)
    SELECT s.id, s.layer, s.path, s.key, s.version, s.service, s.description, created.id, coalesce($14, $15), $16
    FROM created, jsonb_to_recordset($18::jsonb) AS
        s (id text, layer secret_layer, path text, key text, version int, service text, description text)
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name,
        changes, request_id, ip, user_agent)
    SELECT $19, org_id, team_id, $20, $15, $16, $14, 'deployment:create', id, display_name,
        $21::jsonb, $22, $23, $24
    FROM created
), told AS (
    INSERT INTO activity (id, deployment_id, kind, actor_id, actor_name, revision)
    SELECT $25, id, 'created', coalesce($14, $15), $16, 1 FROM created
)
SELECT
    CASE
        WHEN created.id IS NOT NULL THEN 'created'
        WHEN existing.team_id = $2 THEN 'exists'
        WHEN existing.id IS NOT NULL THEN 'belongs_to_another_team'
        WHEN org.id IS NULL THEN 'no_such_team'
        WHEN org.suspended THEN 'org_suspended'
        WHEN org.unpaid THEN 'payment_required'
        WHEN org.domains_used + cardinality($4::text[]) > org.domains_limit AND cardinality($4::text[]) > 0
            AND org.deployments_used < coalesce(org.deployments_limit, 2147483647) THEN 'domain_limit_reached'
        ELSE 'limit_reached'
    END AS outcome,
    CASE WHEN existing.team_id = $2 THEN existing.name ELSE created.name END AS deployment_name,
    CASE WHEN existing.team_id = $2 THEN existing.generation ELSE created.generation END AS generation,
    coalesce(counted.deployments_used, greatest(org.deployments_used, org.deployments_limit)) AS deployments_used,
    org.deployments_limit AS deployments_limit,
    org.domains_used AS domains_used,
    org.domains_limit AS domains_limit,
    org.plan_id AS plan_id
FROM (SELECT) AS always
    LEFT JOIN org ON true
    LEFT JOIN existing ON true
    LEFT JOIN counted ON true
    LEFT JOIN created ON true`,
  params: ['deploymentId', 'teamId', 'orgId', 'hosts', 'enforceLimit', 'deploymentName', 'displayName', 'ownerId', 'templateVersionId', 'revisionId', 'spec', 'secretVersions', 'secretOrigins', 'onBehalfOfId', 'actorId', 'actorName', 'note', 'secrets', 'auditId', 'actorKind', 'changes', 'requestId', 'ip', 'userAgent', 'activityId'],
  json: ['spec', 'secretVersions', 'secretOrigins', 'secrets', 'changes'],
  columns: ['outcome', 'deploymentName', 'generation', 'deploymentsUsed', 'deploymentsLimit', 'domainsUsed', 'domainsLimit', 'planId'],
})
