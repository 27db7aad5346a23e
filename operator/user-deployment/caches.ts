/** What the controllers of this room watch: everything of ours in all namespaces, by label, and the resources. */
import { LABELS, MANAGED_BY } from '../../src/contract/crd/meta.ts'
import type { Cache, Cluster, Indexer, KnownKind, KubeObject } from '../runtime/cluster.ts'
import { ESSENCES, GUARD_ESSENCE, trimEvent, trimPod, trimReplicaSet } from './kept.ts'
import type { LiveEvent, LivePod, LiveReplicaSet } from './observed.ts'

/** Kinds that a deployment is made of: they are applied and pruned. */
export const MADE_KINDS = [
  'NetworkPolicy',
  'ExternalSecret',
  'ConfigMap',
  'PersistentVolumeClaim',
  'Service',
  'Middleware',
  'Ingress',
  'Deployment',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
] as const satisfies readonly KnownKind[]

/** Kinds that guard a namespace; `NetworkPolicy` is one too. */
export const GUARD_KINDS = [
  'ResourceQuota',
  'LimitRange',
  'ServiceAccount',
] as const satisfies readonly KnownKind[]

/** Kinds that others make of ours, and that say how it goes. */
export const SEEN_KINDS = ['ReplicaSet', 'Pod'] as const satisfies readonly KnownKind[]

export type MadeKind = (typeof MADE_KINDS)[number]
export type GuardKind = (typeof GUARD_KINDS)[number]

/** A UserDeployment as it comes: nobody has held it against the schema yet. */
export interface RawResource extends KubeObject {
  spec?: unknown
  status?: unknown
}

export interface Caches {
  resources: Cache<RawResource>
  namespaces: Cache
  made: Readonly<Record<MadeKind, Cache>>
  guards: Readonly<Record<GuardKind, Cache>>
  replicaSets: Cache<LiveReplicaSet>
  pods: Cache<LivePod>
  /** What is said of ExternalSecrets: their own condition has one sentence for all failures. */
  secretEvents: Cache<LiveEvent>
  /** What is said of health checks that fail: a pod's own status does not say what was answered. */
  probeEvents: Cache<LiveEvent>
}

/** Index of what belongs to a deployment, by `deploymentIndexKey`. */
export const BY_DEPLOYMENT = 'deployment'
/** Index of resources by namespace. */
export const BY_NAMESPACE = 'namespace'
/** Index of resources by the host names that they chose. */
export const BY_HOST = 'host'

/** Index of resources by the organisation that owns them. */
export const BY_ORG = 'organisation'

export const deploymentIndexKey = ({ namespace = '', name }: { namespace?: string; name: string }): string =>
  `${namespace}/${name}`

const byDeployment: Indexer<KubeObject> = ({ metadata: { namespace = '', labels } }) => {
  const name = labels?.[LABELS.deployment]
  return name === undefined ? [] : [deploymentIndexKey({ namespace, name })]
}

/** Of a resource that may be of any shape. */
export const orgOf = ({ spec }: RawResource): string[] => {
  const orgId = (spec as { owner?: { orgId?: unknown } } | undefined)?.owner?.orgId
  return typeof orgId === 'string' ? [orgId] : []
}

/** The name of an ExternalSecret or a pod begins with that of its deployment, which has no hyphen. */
export const regardedDeployment = ({
  regarding,
  metadata,
}: LiveEvent): { namespace: string; name: string } => ({
  namespace: metadata.namespace ?? '',
  name: regarding?.name?.split('-', 1)[0] ?? '',
})

const byRegarded: Indexer<LiveEvent> = (event) => [deploymentIndexKey(regardedDeployment(event))]

/** Not each deployment needs External Secrets or Traefik's own kinds, and somebody may install them later. */
const OPTIONAL_KINDS: ReadonlySet<MadeKind> = new Set<MadeKind>(['ExternalSecret', 'Middleware'])

/** Declares all watches. Once for each process, before the manager runs. */
export function declareCaches(cluster: Cluster): Caches {
  const labels = { [LABELS.managedBy]: MANAGED_BY }
  const indexers = { [BY_DEPLOYMENT]: byDeployment }
  const made = Object.fromEntries(
    MADE_KINDS.map((kind) => {
      // Its name says what it holds, and that may be much.
      const metadataOnly = kind === 'ConfigMap'
      const optional = OPTIONAL_KINDS.has(kind)
      const essence = ESSENCES[kind]
      return [
        kind,
        cluster.cache({
          kind,
          labels,
          indexers,
          optional,
          essence,
          ...(metadataOnly ? { metadataOnly } : {}),
        }),
      ]
    }),
  )
  const guards = Object.fromEntries(
    GUARD_KINDS.map((kind) => [kind, cluster.cache({ kind, labels, essence: GUARD_ESSENCE })]),
  )
  return {
    resources: cluster.cache<RawResource>({
      kind: 'UserDeployment',
      indexers: {
        [BY_NAMESPACE]: ({ metadata }) => (metadata.namespace === undefined ? [] : [metadata.namespace]),
        [BY_HOST]: chosenHosts,
        [BY_ORG]: orgOf,
      },
    }),
    namespaces: cluster.cache({ kind: 'Namespace', labels, metadataOnly: true }),
    made: made as Caches['made'],
    guards: guards as Caches['guards'],
    replicaSets: cluster.cache<LiveReplicaSet>({
      kind: 'ReplicaSet',
      labels,
      indexers,
      trim: trimReplicaSet,
    }),
    pods: cluster.cache<LivePod>({ kind: 'Pod', labels, indexers, trim: trimPod }),
    secretEvents: cluster.cache<LiveEvent>({
      kind: 'Event',
      fields: { 'regarding.kind': 'ExternalSecret', type: 'Warning' },
      indexers: { [BY_DEPLOYMENT]: byRegarded },
      trim: trimEvent,
    }),
    probeEvents: cluster.cache<LiveEvent>({
      kind: 'Event',
      fields: { 'regarding.kind': 'Pod', reason: 'Unhealthy' },
      indexers: { [BY_DEPLOYMENT]: byRegarded },
      trim: trimEvent,
    }),
  }
}

/** The host names that a resource claims; it may be any nonsense. */
export function chosenHosts({ spec }: RawResource): string[] {
  const { ingress, visibility } = (spec ?? {}) as {
    ingress?: { hosts?: unknown } | null
    visibility?: unknown
  }
  const hosts = ingress?.hosts
  if (visibility !== 'public' || !Array.isArray(hosts)) return []
  return hosts.filter((host) => typeof host === 'string')
}
