/** Puts into a cluster in memory what the server puts into a real one. */
import type { RawResource } from '../user-deployment/caches.ts'
import { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import type { KubeObject } from '../runtime/cluster.ts'
import type { MemoryCluster } from './memory-cluster.ts'
import { namespaceLabels } from './resources.ts'

export function putNamespace(
  { objects }: MemoryCluster,
  { metadata, spec }: UserDeployment,
  plan?: string,
): KubeObject {
  const name = metadata.namespace ?? ''
  return objects.replace({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: namespaceLabels(spec.owner, plan) },
  })
}

/** The spec as the server applies it; the status stays. */
export function putResource({ objects }: MemoryCluster, resource: UserDeployment): KubeObject {
  const before: RawResource | undefined = objects.get('UserDeployment', resource.metadata)
  const { metadata, ...rest } = resource
  const identity = before?.metadata ?? metadata
  return objects.replace({
    ...rest,
    ...(before?.status === undefined ? {} : { status: before.status }),
    metadata: { ...identity, labels: metadata.labels ?? {} },
  })
}

export function statusOf({ objects }: MemoryCluster, resource: UserDeployment): UserDeployment['status'] {
  const object = objects.get('UserDeployment', resource.metadata)
  return UserDeployment.shape.status.parse((object as { status?: unknown } | undefined)?.status)
}
