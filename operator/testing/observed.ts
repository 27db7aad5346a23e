/** Snapshots to decide on, built from what differs. */
import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import { slotOf, type Manifest } from '../user-deployment/manifest.ts'
import {
  REVISION,
  TEMPLATE_HASH,
  type ContainerStatus,
  type LiveDeployment,
  type LivePod,
  type LiveReplicaSet,
  type Observed,
  type ServiceObserved,
} from '../user-deployment/observed.ts'
import { namespaceLabels } from './resources.ts'

/** All is as it should be, and nothing is there yet. */
export function anObserved(resource: UserDeployment, changes: Partial<Observed> = {}): Observed {
  return {
    resource,
    namespace: { labels: namespaceLabels(resource.spec.owner), isTerminating: false, missingGuards: [] },
    live: new Map(),
    services: new Map(),
    rivals: new Map(),
    olderOnes: 0,
    complaints: new Map(),
    unserved: new Set(),
    ...changes,
  }
}

export const liveMap = (...objects: Manifest[]): Map<`${string} ${string}`, Manifest> =>
  new Map(objects.map((object) => [slotOf(object), object]))

/** A Deployment of one pod that is ready, or what `status` says instead. */
export function aDeployment(status: LiveDeployment['status'] = {}): LiveDeployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'abcdefghij-web', generation: 3, annotations: { [REVISION]: '3' } },
    spec: { replicas: 1, template: { spec: { containers: [] } } },
    status: {
      observedGeneration: 3,
      replicas: 1,
      updatedReplicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
      ...status,
    },
  }
}

/** The one that the Deployment is at, or another. */
export function aReplicaSet(revision = 3, replicas = 1): LiveReplicaSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `abcdefghij-web-${revision}`,
      annotations: { [REVISION]: String(revision) },
      labels: { [TEMPLATE_HASH]: String(revision) },
    },
    spec: { replicas, template: { spec: { containers: [] } } },
  }
}

/** The same pod, of another ReplicaSet. */
export const ofRevision = (revision: number, pod: LivePod): LivePod => ({
  ...pod,
  metadata: { ...pod.metadata, labels: { [TEMPLATE_HASH]: String(revision) } },
})

export function aPod(container: Partial<ContainerStatus>, status: LivePod['status'] = {}): LivePod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'abcdefghij-web-1', labels: { [TEMPLATE_HASH]: '3' } },
    status: { phase: 'Running', ...status, containerStatuses: [{ name: 'web', ready: false, ...container }] },
  }
}

export const aService = (changes: Partial<ServiceObserved> = {}): ServiceObserved => ({
  deployment: aDeployment({ availableReplicas: 0, readyReplicas: 0 }),
  replicaSets: [aReplicaSet()],
  pods: [],
  claims: [],
  unhealthy: new Map(),
  ...changes,
})
