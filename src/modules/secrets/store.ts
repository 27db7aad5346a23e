/** What is known of secrets. No value has ever been here. */
import { listNamedSecretVersions } from '../../../prisma/sql/list-named-secret-versions.generated.ts'
import type { DeploymentId, SecretId } from '../../contract/ids.ts'
import type { SecretKey, ServiceName } from '../../contract/names.ts'
import type { Db } from '../../ports/db/port.ts'
import type { SecretView } from './schema.ts'

export interface SecretRow {
  readonly id: SecretId
  readonly key: SecretKey
  readonly layer: SecretView['layer']
  readonly service: ServiceName | null
  readonly version: number
  readonly description: string
  readonly authorName: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** Of one deployment, by key. */
export async function listSecretRows(db: Db, deploymentId: DeploymentId): Promise<SecretRow[]> {
  const rows = await db.prisma.secretMeta.findMany({
    where: { deploymentId },
    orderBy: [{ key: 'asc' }, { path: 'asc' }],
    omit: { path: true, orgId: true, userId: true, deploymentId: true, authorId: true },
  })
  // Checked when they were written.
  return rows as ((typeof rows)[number] & Pick<SecretRow, 'id' | 'key' | 'service'>)[]
}

/** Of these paths in Vault, the versions that some revision names. */
export const listNamedVersions = async (
  db: Db,
  paths: string[],
): Promise<{ path: string; version: number }[]> => db.all(listNamedSecretVersions, { paths })
