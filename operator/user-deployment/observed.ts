/**
 * The world as one reconcile saw it: everything that the decisions need, read once, nothing of the runtime in it.
 * Live objects have of their kind what is looked at here; the rest is carried along unread.
 */
import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import { slotOf, type Manifest, type Slot } from './manifest.ts'

export interface KubeCondition {
  type: string
  status: string
  reason?: string
  message?: string
  lastTransitionTime?: string
}

export interface LiveDeployment extends Manifest {
  spec: { replicas?: number; template: PodTemplate }
  status?: {
    observedGeneration?: number
    replicas?: number
    updatedReplicas?: number
    readyReplicas?: number
    availableReplicas?: number
    conditions?: KubeCondition[]
  }
}

interface PodTemplate {
  spec: {
    hostAliases?: { ip: string; hostnames?: string[] }[]
    imagePullSecrets?: { name: string }[]
    containers: { env?: { valueFrom?: { secretKeyRef?: { name: string } } }[] }[]
    volumes?: { secret?: { secretName?: string }; configMap?: { name?: string } }[]
  }
}

export interface LiveReplicaSet extends Manifest {
  spec: { replicas?: number; template: PodTemplate }
}

/** Annotation of a Deployment, and of the ReplicaSet that it is at. */
export const REVISION = 'deployment.kubernetes.io/revision'
/** Label of a ReplicaSet, and of its pods. */
export const TEMPLATE_HASH = 'pod-template-hash'

export interface ContainerStatus {
  name: string
  image?: string
  ready?: boolean
  started?: boolean
  restartCount?: number
  state?: ContainerState
  lastState?: ContainerState
}

interface ContainerState {
  waiting?: { reason?: string; message?: string }
  running?: { startedAt?: string }
  terminated?: {
    reason?: string
    message?: string
    exitCode?: number
    startedAt?: string
    finishedAt?: string
  }
}

export interface LivePod extends Manifest {
  spec?: { containers: { resources?: { requests?: Readonly<Record<string, string>> } }[] }
  status?: {
    phase?: string
    reason?: string
    conditions?: KubeCondition[]
    containerStatuses?: ContainerStatus[]
  }
}

export interface LiveExternalSecret extends Manifest {
  status?: { conditions?: KubeCondition[] }
}

/** https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ */
export interface LiveEvent extends Manifest {
  note?: string
  regarding?: { name?: string }
  eventTime?: string | null
  deprecatedLastTimestamp?: string | null
  series?: { lastObservedTime?: string }
}

export interface LiveService extends Manifest {
  spec: { clusterIP?: string }
}

export interface LiveIngress extends Manifest {
  spec?: { rules?: { host?: string }[] }
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } }
}

export interface LiveClaim extends Manifest {
  spec: { storageClassName?: string; resources?: { requests?: { storage?: string } } }
  status?: { phase?: string }
}

export interface LiveAutoscaler extends Manifest {
  status?: { conditions?: KubeCondition[] }
}

export interface ServiceObserved {
  deployment?: LiveDeployment
  replicaSets: readonly LiveReplicaSet[]
  /** Those that are going too. */
  pods: readonly LivePod[]
  /** Claims for its volumes. */
  claims: readonly LiveClaim[]
  /** What the kubelet said last of a health check that failed, by the name of the pod. */
  unhealthy: ReadonlyMap<string, string>
}

export interface NamespaceObserved {
  labels: Readonly<Record<string, string>>
  isTerminating: boolean
  /** Guards (`Kind name`) that are not there yet. */
  missingGuards: readonly Slot[]
}

export interface Observed {
  resource: UserDeployment
  /** Undefined: not one that is labelled as ours. */
  namespace: NamespaceObserved | undefined
  /** Of the kinds that we make: what carries the deployment's label, and what stands where we want to put something. */
  live: ReadonlyMap<Slot, Manifest>
  /** By the name of the service; those that left the spec too, while something of them is there. */
  services: ReadonlyMap<string, ServiceObserved>
  /** Host names that it wants and another deployment has, with that deployment's `namespace/name`. */
  rivals: ReadonlyMap<string, string>
  /** Older deployments of the organisation that are to run, in all its namespaces; 0 where its plan counts none. */
  olderOnes: number
  /** What External Secrets said last of a secret that it could not bring, by the name of the ExternalSecret. */
  complaints: ReadonlyMap<string, string>
  /** Kinds that this cluster does not know. */
  unserved: ReadonlySet<string>
}

const NOTHING_OBSERVED: ServiceObserved = { replicaSets: [], pods: [], claims: [], unhealthy: new Map() }

export const serviceObserved = ({ services }: Observed, name: string): ServiceObserved =>
  services.get(name) ?? NOTHING_OBSERVED

/** The live object in the place of one that is wanted. */
export function liveOf<T extends Manifest>(
  { live }: Observed,
  wanted: Pick<T, 'kind' | 'metadata'>,
): T | undefined {
  return live.get(slotOf(wanted)) as T | undefined
}

export const conditionOf = (
  conditions: readonly KubeCondition[] | undefined,
  type: string,
): KubeCondition | undefined => conditions?.find((condition) => condition.type === type)

export const isGoing = ({ metadata }: Manifest): boolean => metadata.deletionTimestamp !== undefined
