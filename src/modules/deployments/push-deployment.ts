/** Brings what is wanted of one deployment to the cluster. */
import { fail } from '../../errors.ts'
import type { DeletedResource } from '../../ports/kube/port.ts'
import type { Deps } from '../deps.ts'
import { closeUsage } from '../usage/meter-usage.ts'
import { customResource, namespaceLabels, namespaceOf } from './custom-resource.ts'
import { markPushed, type ClaimedRow } from './store.ts'

export type Claimed = ClaimedRow

type Needed = Pick<Deps, 'db' | 'kube' | 'settings'>

/**
 * Writes the custom resource (or asks for its deletion) and notes the generation that it was written from.
 *
 * @returns whether its deletion is wanted and nothing of it is in the cluster any more
 * @throws {AppError} CLUSTER_UNAVAILABLE, CLUSTER_REFUSED
 */
export async function pushDeployment(deps: Needed, row: Claimed, worker: string): Promise<boolean> {
  const { db, kube, settings } = deps
  const { deploymentId, generation } = row
  if (row.deletedAt !== null) {
    const key = { namespace: namespaceOf(row, settings), name: row.deploymentName }
    // What it used can be read as long as it is there.
    const before = async (resource: DeletedResource): Promise<void> => closeUsage(deps, row, resource)
    const answer = kube ? await kube.deleteUserDeployment(key, { before }) : 'absent'
    if (answer === 'absent') return true
  } else {
    if (!kube) fail('CLUSTER_UNAVAILABLE', {}, { because: 'KUBERNETES_ENABLED is false' })
    await kube.ensureNamespace(namespaceOf(row, settings), namespaceLabels(row, settings))
    await kube.applyUserDeployment(customResource(row, settings))
  }
  await markPushed(db, { deploymentId, generation, worker })
  return false
}
