// Written by `npm run gen` from find-known.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type UserId, type OrgId } from '../../src/contract/ids.ts'

/**
 * Of what the cluster and Vault name, what the database knows: deployments that are not removed (with whose they are),
 * users, organisations, and paths that a revision of such a deployment names.
 */
export const findKnown = statement<
  { names: string[]; userIds: string[]; orgIds: string[]; paths: string[] },
  { kind: 'deployment' | 'user' | 'org' | 'path'; key: string; ownerId: UserId | null; orgId: OrgId | null }
>({
  name: 'find-known',
  text: `SELECT 'deployment' AS kind, d.name AS key, d.owner_id AS owner_id, d.org_id AS org_id
FROM deployments d WHERE d.name = ANY ($1::text[]) AND d.removed_at IS NULL
UNION ALL SELECT 'user', id, NULL, NULL FROM users WHERE id = ANY ($2::text[])
UNION ALL SELECT 'org', id, NULL, NULL FROM organizations WHERE id = ANY ($3::text[])
UNION ALL SELECT DISTINCT 'path', named.path, NULL, NULL
FROM revisions r
    JOIN deployments d ON d.id = r.deployment_id AND d.removed_at IS NULL,
    jsonb_object_keys(r.secret_versions) AS named (path)
WHERE r.secret_versions ?| $4::text[] AND named.path = ANY ($4::text[])`,
  params: ['names', 'userIds', 'orgIds', 'paths'],
  json: [],
  columns: ['kind', 'key', 'ownerId', 'orgId'],
})
