import type { DeploymentId } from '../../contract/ids.ts'
import type { Deps } from '../deps.ts'
import type { SecretView } from './schema.ts'
import { listSecretRows } from './store.ts'

/** What secrets a deployment has; never their values. */
export async function listSecrets({ db }: Pick<Deps, 'db'>, id: DeploymentId): Promise<SecretView[]> {
  const rows = await listSecretRows(db, id)
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }))
}
