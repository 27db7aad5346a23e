/** The last steps of a deletion, in this order: out of the cluster, out of Vault, out of the count. */
import { vaultPaths, type ServiceName } from '../../contract/names.ts'
import type { Deps } from '../deps.ts'
import { namespaceOf } from './custom-resource.ts'
import { finishDelete, type ClaimedRow } from './store.ts'

type Needed = Pick<Deps, 'db' | 'vault' | 'kube' | 'settings' | 'changes'>
export type Doomed = Pick<ClaimedRow, 'deploymentId' | 'deploymentName' | 'ownerId' | 'orgId'>

/**
 * Every step may be repeated. @returns whether it is finished; false when the cluster still has something of it
 *
 * @throws {AppError} CLUSTER_UNAVAILABLE, VAULT_UNAVAILABLE
 */
export async function finishDeletion(deps: Needed, row: Doomed): Promise<boolean> {
  const { db, vault, kube, settings, changes } = deps
  const key = { namespace: namespaceOf(row, settings), name: row.deploymentName }
  // Asked of the API server itself: what is in memory may be older than what is there.
  if (kube && (await kube.deleteUserDeployment(key)) !== 'absent') return false
  await destroySecrets({ vault }, row)
  const finished = await finishDelete(db, row.deploymentId)
  if (finished) changes.emit({ id: row.deploymentId, teamId: finished.teamId })
  return true
}

async function destroySecrets({ vault }: Pick<Needed, 'vault'>, row: Doomed): Promise<void> {
  const own = { userId: row.ownerId, name: row.deploymentName }
  const path = vaultPaths.deployment(own)
  for (const service of await vault.listChildren({ of: 'services', below: path })) {
    await vault.deleteAll(vaultPaths.deployment({ ...own, service: service as ServiceName }))
  }
  await vault.deleteAll(path)
}
