/** What is known of secrets. No value has ever been here. */
import { listNamedSecretVersions } from '../../../prisma/sql/list-named-secret-versions.generated.ts'
import type { DeploymentId, SecretId } from '../../contract/ids.ts'
import type { SecretKey, ServiceName } from '../../contract/names.ts'
import type { Db } from '../../ports/db/port.ts'
import type { SecretView } from './schema.ts'
import type { KnownVersion, Origins } from './secret-origins.ts'

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

interface Named {
  readonly deploymentId: DeploymentId
  /** Later ones are not asked: whoever has not seen them decides anew. */
  readonly revision: number
  readonly path: string
  readonly version: number
}

/** A version in Vault as the revision that made it knows it; undefined when none up to this revision names it. */
export async function findNamedVersion(
  db: Db,
  { deploymentId, revision, path, version }: Named,
): Promise<KnownVersion | undefined> {
  const row = await db.prisma.revision.findFirst({
    where: {
      deploymentId,
      number: { lte: revision },
      secretVersions: { path: [path], equals: version },
    },
    orderBy: { number: 'asc' },
    select: { secretOrigins: true },
  })
  return row ? { version, origins: (row.secretOrigins as Record<string, Origins>)[path] ?? {} } : undefined
}

/** Of these paths in Vault, the versions that some revision names. */
export const listNamedVersions = async (
  db: Db,
  paths: string[],
): Promise<{ path: string; version: number }[]> => db.all(listNamedSecretVersions, { paths })
