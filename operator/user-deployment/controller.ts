/** What is watched, and for which resource each change counts. */
import { LABELS } from '../../src/contract/crd/meta.ts'
import type { RenderSettings } from '../../src/contract/render-settings.ts'
import type { Cache, KubeObject, ObjectRef } from '../runtime/cluster.ts'
import { watched, type ControllerOptions, type Watched } from '../runtime/controller-types.ts'
import {
  chosenHosts,
  GUARD_KINDS,
  heldHosts,
  MADE_KINDS,
  orgOf,
  ownerOf,
  regardedDeployment,
  type Caches,
} from './caches.ts'
import type { LiveIngress } from './observed.ts'
import { createReconcile, type Reach } from './reconcile.ts'
import { createNamespaceReconcile } from './reconcile-namespace.ts'

export interface UserDeploymentOptions {
  settings: RenderSettings
  reach: Reach
  /** Resources at the same time. */
  concurrency?: number
}

/** UserDeployment → what runs it. */
export function userDeploymentController(
  caches: Caches,
  { settings, reach, concurrency }: UserDeploymentOptions,
): ControllerOptions {
  const parts: Watched[] = [
    ...MADE_KINDS.map((kind) => caches.made[kind]),
    caches.replicaSets,
    caches.pods,
  ].map((cache) => watched(cache as typeof caches.namespaces, toOwner))
  return {
    name: 'user-deployment',
    primary: caches.resources,
    watches: [
      // Whoever waits for a host name of it, or for its place in the plan, looks again too.
      watched(caches.resources, (resource) => [
        resource.metadata,
        ...chosenHosts(resource).flatMap(claimants(caches)),
        ...namesakes(caches, resource.metadata),
        ...orgOf(resource).flatMap(heldBack(caches)),
      ]),
      ...parts,
      // A host name is free when no Ingress has it any more.
      watched(caches.made.Ingress as Cache<LiveIngress>, (ingress) => [
        ...heldHosts(ingress).flatMap(claimants(caches)),
        ...namesakes(caches, ownerOf(ingress)),
      ]),
      watched(caches.secretEvents, (event) => [regardedDeployment(event)]),
      watched(caches.probeEvents, (event) => [regardedDeployment(event)]),
      watched(caches.namespaces, ({ metadata }) => residents(caches, metadata.name)),
      ...GUARD_KINDS.map((kind) =>
        watched(caches.guards[kind], ({ metadata }) => waiting(caches, metadata.namespace ?? '')),
      ),
      watched(caches.made.NetworkPolicy, ({ metadata }) =>
        metadata.labels?.[LABELS.deployment] === undefined ? waiting(caches, metadata.namespace ?? '') : [],
      ),
    ],
    reconcile: createReconcile(caches, { settings, reach }),
    ...(concurrency === undefined ? {} : { workers: concurrency }),
  }
}

/** Namespace of a tenant → its guards. */
export function namespaceController(caches: Caches): ControllerOptions {
  const toNamespace = ({ metadata }: KubeObject): ObjectRef[] =>
    metadata.namespace === undefined || metadata.labels?.[LABELS.deployment] !== undefined
      ? []
      : [{ name: metadata.namespace }]
  return {
    name: 'namespace',
    primary: caches.namespaces,
    watches: [
      watched(caches.namespaces, ({ metadata }) => [{ name: metadata.name }]),
      ...GUARD_KINDS.map((kind) => watched(caches.guards[kind], toNamespace)),
      watched(caches.made.NetworkPolicy, toNamespace),
    ],
    reconcile: createNamespaceReconcile(caches),
  }
}

/** By the label that all parts of a deployment carry. */
function toOwner({ metadata }: KubeObject): ObjectRef[] {
  const name = metadata.labels?.[LABELS.deployment]
  if (name === undefined || metadata.namespace === undefined) return []
  return [{ name, namespace: metadata.namespace }]
}

const residents = (caches: Caches, namespace: string): ObjectRef[] =>
  caches.find.residents.of(namespace).map(({ metadata }) => metadata)

/** A guard is there now, or a quota has room again: nothing to those that are on their way, or run. */
const waiting = (caches: Caches, namespace: string): ObjectRef[] =>
  caches.find.residents
    .of(namespace)
    .filter(({ status }) => isHeldByGuards(status))
    .map(({ metadata }) => metadata)

/** Nothing was made yet, or not all of it, or the quota had no room. A status may be any nonsense. */
function isHeldByGuards(status: unknown): boolean {
  const { phase, conditions } = (status ?? {}) as { phase?: unknown; conditions?: unknown }
  const reasons = Array.isArray(conditions) ? conditions.map((each) => (each as RawCondition)?.reason) : []
  return (phase !== 'Ready' && phase !== 'Provisioning') || reasons.includes('QuotaExceeded')
}

interface RawCondition {
  reason?: unknown
}

const claimants =
  (caches: Caches) =>
  (host: string): ObjectRef[] =>
    caches.find.claimants.of(host).map(({ metadata }) => metadata)

const namesakes = (caches: Caches, named: ObjectRef | undefined): ObjectRef[] =>
  named ? caches.find.namesakes.of(named.name).map(({ metadata }) => metadata) : []

const heldBack =
  (caches: Caches) =>
  (orgId: string): ObjectRef[] =>
    caches.find.ofOrg
      .of(orgId)
      .filter(({ status }) => lastReason(status) === 'TierLimitReached')
      .map(({ metadata }) => metadata)

const lastReason = (status: unknown): unknown =>
  (status as { lastError?: { reason?: unknown } } | undefined)?.lastError?.reason
