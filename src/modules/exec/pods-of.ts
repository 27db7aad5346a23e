import type { DeploymentId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { KubePort, PodSummary, ResourceKey } from '../../ports/kube/port.ts'
import { namespaceOf } from '../deployments/custom-resource.ts'
import { getRow } from '../deployments/get-deployment.ts'
import type { Deps } from '../deps.ts'

export type Needed = Pick<Deps, 'db' | 'kube' | 'settings'>

interface Running {
  readonly kube: KubePort
  readonly key: ResourceKey
  /** Oldest first; of this deployment alone. */
  readonly pods: readonly PodSummary[]
}

/** @throws {AppError} NOT_FOUND, CLUSTER_UNAVAILABLE */
export async function podsOf(deps: Needed, id: DeploymentId): Promise<Running> {
  const row = await getRow(deps, id)
  const { kube } = deps
  if (!kube) return fail('CLUSTER_UNAVAILABLE', {}, { because: 'KUBERNETES_ENABLED is false' })
  const key = { namespace: namespaceOf(row, deps.settings), name: row.deploymentName }
  return { kube, key, pods: await kube.listPods(key) }
}
