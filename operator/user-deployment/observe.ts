/** Reads the world into one snapshot: from the caches, and where they have nothing, from the API server itself. */
import { LABELS, MANAGED_BY } from '../../src/contract/crd/meta.ts'
import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import { hostFor, type Dns1123Label, type HostName } from '../../src/contract/names.ts'
import type { RenderSettings } from '../../src/contract/render-settings.ts'
import type { KubeObject } from '../runtime/cluster.ts'
import type { ReconcileContext } from '../runtime/controller-types.ts'
import {
  deploymentIndexKey,
  heldHosts,
  MADE_KINDS,
  orgOf,
  ownerOf,
  type Caches,
  type MadeKind,
  type RawResource,
} from './caches.ts'
import { allowedOf } from './checks/before-changes.ts'
import type { Considered } from './considered.ts'
import { wantedHosts } from './desired/hosts.ts'
import { GUARDS } from './desired/namespace-guards.ts'
import { slotOf, type Manifest, type Slot } from './manifest.ts'
import { ownershipOf } from './ownership.ts'
import type {
  LiveClaim,
  LiveDeployment,
  LiveEvent,
  LivePod,
  LiveReplicaSet,
  NamespaceObserved,
  Observed,
  ServiceObserved,
} from './observed.ts'

/** A resource as it came and as it is understood, in an installation. */
export interface Subject {
  raw: RawResource
  resource: UserDeployment
  settings: RenderSettings
}

/** What the caches know. Costs no call. */
export function observe(caches: Caches, subject: Subject): Observed {
  const { raw, resource } = subject
  const key = deploymentIndexKey(raw.metadata)
  const parts = Map.groupBy(caches.find.parts.of(key), ({ kind }) => kind)
  const made = MADE_KINDS.flatMap((kind) => parts.get(kind) ?? [])
  const namespace = namespaceOf(caches, caches.namespaces.get({ name: raw.metadata.namespace ?? '' }))
  return {
    resource,
    namespace,
    live: new Map(made.map((object) => [slotOf(object), object])),
    services: servicesOf(parts, lastSaid(caches.find.probeEvents.of(key))),
    rivals: rivalsOf(caches, subject),
    olderOnes: allowedOf(namespace) === null ? 0 : olderOnesOf(caches, raw),
    complaints: lastSaid(caches.find.secretEvents.of(key)),
    unserved: new Set(MADE_KINDS.filter((kind) => !caches.made[kind].isServed)),
  }
}

/**
 * The same with what stands, unlabelled or just made, in places where the caches see nothing: somebody else's object, or
 * one of ours of which a cache has not heard yet. A call for each, so only when something was found to be there.
 */
export async function lookCloser(
  { observed, places }: Considered,
  { cluster, signal }: Pick<ReconcileContext, 'cluster' | 'signal'>,
): Promise<Observed> {
  const unseen = places.filter(({ wanted, live }) => !live && !observed.unserved.has(wanted.kind))
  const found = await Promise.all(
    unseen.map(async ({ wanted: { kind, metadata } }) => cluster.get(kind as MadeKind, metadata, signal)),
  )
  const there = found.filter((object) => object !== undefined)
  if (there.length === 0) return observed
  // An Ingress of which a cache has not heard has its host names all the same.
  const held = there.filter((each) => ownershipOf(each, observed.resource) === 'ours').flatMap(heldHosts)
  return {
    ...observed,
    live: new Map([...observed.live, ...there.map((object): [Slot, Manifest] => [slotOf(object), object])]),
    rivals: new Map([...observed.rivals].filter(([host]) => !held.includes(host))),
  }
}

function namespaceOf(caches: Caches, namespace: KubeObject | undefined): NamespaceObserved | undefined {
  const { name, labels = {}, deletionTimestamp } = namespace?.metadata ?? {}
  if (name === undefined || labels[LABELS.managedBy] !== MANAGED_BY) return undefined
  const guards = { ...caches.guards, NetworkPolicy: caches.made.NetworkPolicy }
  const missing = Object.entries(GUARDS).filter(
    ([kind, guard]) => !guards[kind as keyof typeof GUARDS].has({ namespace: name, name: guard }),
  )
  return {
    labels,
    isTerminating: deletionTimestamp !== undefined,
    missingGuards: missing.map(([kind, guard]): Slot => `${kind} ${guard}`),
  }
}

/** @param parts of a deployment, by their kinds */
function servicesOf(
  parts: ReadonlyMap<string, readonly KubeObject[]>,
  unhealthy: ReadonlyMap<string, string>,
): Map<string, ServiceObserved> {
  const deployments = (parts.get('Deployment') ?? []) as LiveDeployment[]
  const claims = (parts.get('PersistentVolumeClaim') ?? []) as LiveClaim[]
  const replicaSets = Map.groupBy((parts.get('ReplicaSet') ?? []) as LiveReplicaSet[], serviceLabel)
  const pods = Map.groupBy((parts.get('Pod') ?? []) as LivePod[], serviceLabel)
  const names = new Set([...deployments.map(serviceLabel), ...replicaSets.keys(), ...pods.keys()])
  return new Map(
    [...names].map((name): [string, ServiceObserved] => {
      const deployment = deployments.find((each) => serviceLabel(each) === name)
      return [
        name,
        {
          ...(deployment ? { deployment } : {}),
          replicaSets: replicaSets.get(name) ?? [],
          pods: pods.get(name) ?? [],
          claims: claims.filter((each) => serviceLabel(each) === name),
          unhealthy,
        },
      ]
    }),
  )
}

/** The newest of each object. Events go after an hour, and are told again while the trouble lasts. */
function lastSaid(events: readonly LiveEvent[]): Map<string, string> {
  const sorted = events.toSorted((a, b) => (toldAt(a) < toldAt(b) ? -1 : 1))
  return new Map(sorted.map(({ regarding, note }) => [regarding?.name ?? '', note ?? '']))
}

const toldAt = ({ series, deprecatedLastTimestamp, eventTime, metadata }: LiveEvent): string =>
  series?.lastObservedTime ?? deprecatedLastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? ''

const serviceLabel = ({ metadata }: KubeObject): Dns1123Label =>
  (metadata.labels?.[LABELS.service] ?? '') as Dns1123Label

/** Whom each host name belongs to that it wants and does not get. */
function rivalsOf(caches: Caches, subject: Subject): Map<string, string> {
  return new Map(
    wantedHosts(subject.resource, subject.settings).flatMap((host): [string, string][] => {
      const rival = rivalOf(caches, subject, host)
      return rival === undefined ? [] : [[host, rival]]
    }),
  )
}

/**
 * A host name belongs to the deployment that has an Ingress with it, as long as that is there. Only where nobody has
 * one, or two had theirs made in the same moment, it is the oldest's that wants it.
 */
function rivalOf(caches: Caches, { raw, resource, settings }: Subject, host: HostName): string | undefined {
  const holders = caches.find.holders.of(host).flatMap((ingress) => ownerOf(ingress) ?? [])
  const others = new Set(holders.map(deploymentIndexKey))
  const holds = others.delete(deploymentIndexKey(raw.metadata))
  const [first] = others
  if (!holds && first !== undefined) return first
  const isGenerated = host === hostFor(resource.metadata.name, settings.deploymentDomain)
  // What is generated is kept for the oldest of a name also while that does not answer outside.
  const wanting = isGenerated ? caches.find.namesakes.of(raw.metadata.name) : caches.find.claimants.of(host)
  const older = wanting.find(
    (other) =>
      other.metadata.deletionTimestamp === undefined &&
      isOlder(other, raw) &&
      (!holds || others.has(deploymentIndexKey(other.metadata))),
  )
  return older && deploymentIndexKey(older.metadata)
}

/** What is being deleted, or stopped, makes room: of too many the server stops all but those that the owner keeps. */
const olderOnesOf = (caches: Caches, raw: RawResource): number =>
  orgOf(raw)
    .flatMap((orgId) => caches.find.ofOrg.of(orgId))
    .filter((other) => other.metadata.deletionTimestamp === undefined && isOlder(other, raw))
    .filter((other) => !isSuspended(other)).length

/** Of a resource that may be of any shape. */
const isSuspended = ({ spec }: RawResource): boolean =>
  (spec as { suspended?: unknown } | undefined)?.suspended === true

const isOlder = (a: KubeObject, b: KubeObject): boolean => ageOf(a) < ageOf(b)
const ageOf = ({ metadata }: KubeObject): string =>
  `${metadata.creationTimestamp ?? ''} ${metadata.uid ?? ''}`
