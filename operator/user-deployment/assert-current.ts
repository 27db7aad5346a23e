import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import { KubeError, type KubeObject } from '../runtime/cluster.ts'
import type { ReconcileContext } from '../runtime/controller-types.ts'

/**
 * Asks the API server itself whether the resource is what the cache says. Versions in writes keep old views of
 * children from doing harm; an old wish beside a fresh view of children would be carried out over the newer one.
 *
 * @throws {KubeError} 409 when it is not: the watch is behind, and the key comes again
 */
export async function assertCurrent(
  { metadata }: Pick<UserDeployment, 'metadata'>,
  { cluster, signal }: Pick<ReconcileContext, 'cluster' | 'signal'>,
): Promise<void> {
  const { name, namespace = '', uid, generation } = metadata
  const live = await cluster.get<KubeObject>('UserDeployment', { name, namespace }, signal)
  if (live?.metadata.uid === uid && live?.metadata.generation === generation) return
  const message = `The watch is behind: ${namespace}/${name} is not at generation ${generation ?? 0} any more.`
  throw new KubeError({ status: 409, reason: 'Conflict', message })
}
