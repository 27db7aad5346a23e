/** Pods of deployments in the cluster in memory, as its operator would make them. */
import type { DeploymentId } from '../contract/ids.ts'
import { Dns1123Label, ServiceName } from '../contract/names.ts'
import { namespaceOf } from '../modules/deployments/custom-resource.ts'
import { nameOf } from '../modules/deployments/name-of.ts'
import type { PodSummary } from '../ports/kube/port.ts'
import type { Tenant } from './builders.ts'
import type { World } from './world.ts'

/** One of the service `web`, which runs. */
export const aPod = (name: string, given: Partial<PodSummary> = {}): PodSummary => ({
  name: Dns1123Label.parse(name),
  uid: `uid-${name}`,
  service: ServiceName.parse('web'),
  phase: 'Running',
  isReady: true,
  isTerminating: false,
  createdAt: new Date(0),
  containers: [{ name: 'web', isReady: true, restarts: 0, state: 'running' }],
  ...given,
})

interface Whose {
  readonly id: DeploymentId
  readonly tenant: Tenant
}

export function putPods(
  { kube, deps }: Pick<World, 'kube' | 'deps'>,
  { id, tenant: { userId: ownerId, orgId } }: Whose,
  pods: readonly PodSummary[],
): void {
  const key = { namespace: namespaceOf({ ownerId, orgId }, deps.settings), name: nameOf(id) }
  for (const pod of pods) kube.putPod(key, pod)
}
