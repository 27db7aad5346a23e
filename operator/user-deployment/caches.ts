/** What the controllers of this room watch: everything of ours in all namespaces, by label, and the resources. */
import { LABELS, MANAGED_BY } from '../../src/contract/crd/meta.ts'
import { ResourceName } from '../../src/contract/names.ts'
import {
  Index,
  type Cache,
  type Cluster,
  type KnownKind,
  type KubeObject,
  type ObjectRef,
} from '../runtime/cluster.ts'
import { ESSENCES, GUARD_ESSENCE, trimEvent, trimPod, trimReplicaSet } from './kept.ts'
import type { LiveEvent, LiveIngress, LivePod, LiveReplicaSet } from './observed.ts'

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
  find: Indexes
}

/** What is found by something other than its name. */
type Indexes = ReturnType<typeof declareIndexes>

function declareIndexes() {
  return {
    /** What a deployment is made of, and what others made of that, of all kinds, by `deploymentIndexKey`. */
    parts: new Index<KubeObject>(byDeployment),
    /** By `deploymentIndexKey` too. */
    secretEvents: new Index<LiveEvent>(byRegarded),
    /** By `deploymentIndexKey` too. */
    probeEvents: new Index<LiveEvent>(byRegarded),
    /** Resources by their namespace. */
    residents: new Index<RawResource>(({ metadata: { namespace } }) =>
      namespace === undefined ? [] : [namespace],
    ),
    /** Resources by the host names that they chose. */
    claimants: new Index<RawResource>(chosenHosts),
    /** Resources by their name, which gives them a host name. */
    namesakes: new Index<RawResource>(({ metadata: { name } }) => [name]),
    /** Ingresses of deployments by their host names. */
    holders: new Index<LiveIngress>(heldHosts),
    /** Resources by the organisation that owns them. */
    ofOrg: new Index<RawResource>(orgOf),
  }
}

export const deploymentIndexKey = ({ namespace = '', name }: { namespace?: string; name: string }): string =>
  `${namespace}/${name}`

function byDeployment({ metadata: { namespace = '', labels } }: KubeObject): string[] {
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

/** Events of all pods of the cluster are heard; memory is not to grow with those of others. */
const regardsOurs = (event: LiveEvent): boolean =>
  ResourceName.safeParse(regardedDeployment(event).name).success

const byRegarded = (event: LiveEvent): string[] => [deploymentIndexKey(regardedDeployment(event))]

/** Not each deployment needs External Secrets or Traefik's own kinds, and somebody may install them later. */
const OPTIONAL_KINDS: ReadonlySet<MadeKind> = new Set<MadeKind>(['ExternalSecret', 'Middleware'])

/** Declares all watches. Once for each process, before the manager runs. */
export function declareCaches(cluster: Cluster): Caches {
  const labels = { [LABELS.managedBy]: MANAGED_BY }
  const find = declareIndexes()
  const indexes = [find.parts]
  const indexesOf = (kind: MadeKind): typeof indexes =>
    kind === 'Ingress' ? [...indexes, find.holders] : indexes
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
          indexes: indexesOf(kind),
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
      indexes: [find.residents, find.claimants, find.namesakes, find.ofOrg],
    }),
    namespaces: cluster.cache({ kind: 'Namespace', labels, metadataOnly: true }),
    made: made as Caches['made'],
    guards: guards as Caches['guards'],
    replicaSets: cluster.cache<LiveReplicaSet>({
      kind: 'ReplicaSet',
      labels,
      indexes,
      trim: trimReplicaSet,
    }),
    pods: cluster.cache<LivePod>({ kind: 'Pod', labels, indexes, trim: trimPod }),
    secretEvents: cluster.cache<LiveEvent>({
      kind: 'Event',
      fields: { 'regarding.kind': 'ExternalSecret', type: 'Warning' },
      keeps: regardsOurs,
      indexes: [find.secretEvents],
      trim: trimEvent,
    }),
    probeEvents: cluster.cache<LiveEvent>({
      kind: 'Event',
      fields: { 'regarding.kind': 'Pod', reason: 'Unhealthy' },
      keeps: regardsOurs,
      indexes: [find.probeEvents],
      trim: trimEvent,
    }),
    find,
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

/** The deployment that an Ingress was made for; one that has no owner any more is nobody's. */
export function ownerOf({ metadata }: KubeObject): ObjectRef | undefined {
  const owner = metadata.ownerReferences?.find(({ kind }) => kind === 'UserDeployment')
  return owner && { namespace: metadata.namespace ?? '', name: owner.name }
}

/** The host names that an Ingress keeps from all other deployments. */
export function heldHosts(ingress: LiveIngress): string[] {
  if (!ownerOf(ingress)) return []
  return ingress.spec?.rules?.flatMap(({ host }) => (host === undefined ? [] : [host])) ?? []
}
