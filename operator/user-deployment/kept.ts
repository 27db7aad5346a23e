/**
 * What is kept in memory of watched objects: what is read here, and not a word more. Trimmed is what others make, as it
 * comes. What we make is needed whole once, to be compared with what is wanted; from then on its essence is enough.
 */
import { LABELS } from '../../src/contract/crd/meta.ts'
import type { KubeObject } from '../runtime/cluster.ts'
import {
  REVISION,
  TEMPLATE_HASH,
  type ContainerStatus,
  type KubeCondition,
  type LiveClaim,
  type LiveDeployment,
  type LiveEvent,
  type LiveIngress,
  type LivePod,
  type LiveReplicaSet,
  type LiveService,
} from './observed.ts'

type PodSpec = LiveDeployment['spec']['template']['spec']

const nothing = (): object => ({})

/** Why they do or do not work. */
const conditionsOf = (object: KubeObject): object => {
  const { conditions } = (object as { status?: { conditions?: KubeCondition[] } }).status ?? {}
  return conditions ? { status: { conditions: conditions.map(conditionRead) } } : {}
}

/** Of what we make: what is read of it apart from comparing it. */
export const ESSENCES = {
  NetworkPolicy: nothing,
  ExternalSecret: conditionsOf,
  ConfigMap: nothing,
  PersistentVolumeClaim: claimEssence as (object: KubeObject) => object,
  Service: (service) => ({ spec: { clusterIP: (service as LiveService).spec.clusterIP } }),
  Middleware: nothing,
  Ingress: ingressEssence,
  Deployment: deploymentEssence as (object: KubeObject) => object,
  HorizontalPodAutoscaler: conditionsOf,
  PodDisruptionBudget: nothing,
} as const satisfies Readonly<Record<string, (object: KubeObject) => object>>

/** Of a guard it is read that it is there. */
export const GUARD_ESSENCE = nothing

function claimEssence({ spec, status }: LiveClaim): Pick<LiveClaim, 'spec' | 'status'> {
  const { storageClassName, resources } = spec
  const storage = resources?.requests?.storage
  return {
    spec: {
      ...(storageClassName === undefined ? {} : { storageClassName }),
      ...(storage === undefined ? {} : { resources: { requests: { storage } } }),
    },
    ...(status?.phase === undefined ? {} : { status: { phase: status.phase } }),
  }
}

/** The host names say that they are taken. */
function ingressEssence({ spec, status }: LiveIngress): Pick<LiveIngress, 'spec' | 'status'> {
  const rules = spec?.rules?.flatMap(({ host }) => (host === undefined ? [] : [{ host }])) ?? []
  return { ...(rules.length === 0 ? {} : { spec: { rules } }), ...(status ? { status } : {}) }
}

function deploymentEssence({ metadata, spec, status }: LiveDeployment): object {
  const { replicas, template } = spec
  const { hostAliases } = template.spec
  return {
    metadata: revisionRead(metadata),
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      template: { spec: { ...referencesIn(template.spec), ...(hostAliases ? { hostAliases } : {}) } },
    },
    ...(status ? { status: rolloutOf(status) } : {}),
  }
}

function rolloutOf(status: NonNullable<LiveDeployment['status']>): NonNullable<LiveDeployment['status']> {
  const { observedGeneration, replicas, updatedReplicas, readyReplicas, availableReplicas, conditions } =
    status
  return {
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    ...(replicas === undefined ? {} : { replicas }),
    ...(updatedReplicas === undefined ? {} : { updatedReplicas }),
    ...(readyReplicas === undefined ? {} : { readyReplicas }),
    ...(availableReplicas === undefined ? {} : { availableReplicas }),
    ...(conditions ? { conditions: conditions.map(conditionRead) } : {}),
  }
}

/** Without its times. */
function conditionRead({ type, status, reason, message }: KubeCondition): KubeCondition {
  return {
    type,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  }
}

/** Which ReplicaSet a Deployment is at. */
function revisionRead({ annotations }: KubeObject['metadata']): Pick<KubeObject['metadata'], 'annotations'> {
  const revision = annotations?.[REVISION]
  return revision === undefined ? {} : { annotations: { [REVISION]: revision } }
}

/** Labels that objects are found by, and that pods and their ReplicaSet share. */
const READ_LABELS = [LABELS.managedBy, LABELS.deployment, LABELS.service, TEMPLATE_HASH] as const

function labelsRead(labels: Readonly<Record<string, string>>): Record<string, string> {
  const read: Record<string, string> = {}
  for (const label of READ_LABELS) if (labels[label] !== undefined) read[label] = labels[label]
  return read
}

/** What identifies an object and says whose it is. */
function trimMetadata({ metadata }: KubeObject): KubeObject['metadata'] {
  const { name, namespace, uid, resourceVersion, labels, creationTimestamp, deletionTimestamp } = metadata
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(labels === undefined ? {} : { labels: labelsRead(labels) }),
    ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
  }
}

/**
 * Of a ReplicaSet whether it is the newest, and what its pods refer to: it keeps Secrets and ConfigMaps from being
 * deleted.
 */
export function trimReplicaSet(replicaSet: LiveReplicaSet): LiveReplicaSet {
  const { replicas, template } = replicaSet.spec
  return {
    apiVersion: replicaSet.apiVersion,
    kind: replicaSet.kind,
    metadata: { ...trimMetadata(replicaSet), ...revisionRead(replicaSet.metadata) },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      template: { spec: referencesIn(template.spec) },
    },
  }
}

/** What `referencesOf` reads. */
function referencesIn({ containers, volumes = [], imagePullSecrets }: PodSpec): PodSpec {
  const named = volumes.flatMap(({ secret, configMap }) =>
    secret || configMap ? [{ ...(secret ? { secret } : {}), ...(configMap ? { configMap } : {}) }] : [],
  )
  const secrets = containers.flatMap(({ env = [] }) =>
    env.flatMap(({ valueFrom }) =>
      valueFrom?.secretKeyRef ? [{ valueFrom: { secretKeyRef: { name: valueFrom.secretKeyRef.name } } }] : [],
    ),
  )
  return {
    containers: secrets.length === 0 ? [] : [{ env: secrets }],
    ...(named.length === 0 ? {} : { volumes: named }),
    ...(imagePullSecrets ? { imagePullSecrets } : {}),
  }
}

/** Of an event only what was said of what, and when. Of all pods of the cluster, so not one word more. */
export function trimEvent(event: LiveEvent): LiveEvent {
  const { apiVersion, kind, note = '', regarding, eventTime, deprecatedLastTimestamp, series } = event
  return {
    apiVersion,
    kind,
    metadata: trimMetadata(event),
    note: note.slice(0, MAX_NOTE),
    ...(regarding?.name === undefined ? {} : { regarding: { name: regarding.name } }),
    ...(eventTime === undefined ? {} : { eventTime }),
    ...(deprecatedLastTimestamp === undefined ? {} : { deprecatedLastTimestamp }),
    ...(series?.lastObservedTime === undefined
      ? {}
      : { series: { lastObservedTime: series.lastObservedTime } }),
  }
}

/** Longer than what is quoted of it. */
const MAX_NOTE = 1000

/** What is counted as consumed. */
function requestsOf({
  resources,
}: NonNullable<LivePod['spec']>['containers'][0]): NonNullable<LivePod['spec']>['containers'][0] {
  const { cpu, memory } = resources?.requests ?? {}
  return {
    resources: {
      requests: { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) },
    },
  }
}

/** What a pod's conditions are read for: whether it found a node, and whether that node still answers. */
const READ_CONDITIONS = ['PodScheduled', 'Ready', 'ContainersReady']

/** Of a pod only how it fares, and what it asks for. */
export function trimPod(pod: LivePod): LivePod {
  const { phase, reason, conditions, containerStatuses } = pod.status ?? {}
  const read = conditions?.filter(({ type }) => READ_CONDITIONS.includes(type)).map(conditionRead)
  return {
    apiVersion: pod.apiVersion,
    kind: pod.kind,
    metadata: trimMetadata(pod),
    ...(pod.spec ? { spec: { containers: pod.spec.containers.map(requestsOf) } } : {}),
    status: {
      ...(phase === undefined ? {} : { phase }),
      ...(reason === undefined ? {} : { reason }),
      ...(read ? { conditions: read } : {}),
      ...(containerStatuses ? { containerStatuses: containerStatuses.map(containerRead) } : {}),
    },
  }
}

function containerRead({ name, ready, restartCount, state, lastState }: ContainerStatus): ContainerStatus {
  return {
    name,
    ...(ready === undefined ? {} : { ready }),
    ...(restartCount === undefined ? {} : { restartCount }),
    ...(state === undefined ? {} : { state }),
    ...(lastState === undefined ? {} : { lastState }),
  }
}
