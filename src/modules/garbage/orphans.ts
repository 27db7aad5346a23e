/** Which objects of the cluster belong to nobody. Pure. */
import { LABELS } from '../../contract/crd/meta.ts'
import { GUARDING_KINDS } from '../../contract/crd/owned-kinds.ts'
import { tenantOf, type NamespacePattern } from '../../contract/names.ts'
import type { OwnedObject } from '../../ports/kube/port.ts'
import { namespaceOf } from '../deployments/custom-resource.ts'
import type { GarbageReason } from './schema.ts'
import type { KnownRow } from './store.ts'

/** What is younger may be on its way: made before its row is committed, or about to be removed with it. */
export const GRACE_MS = 10 * 60_000

/** What the database knows, to be asked by key. */
export interface Known {
  readonly users: ReadonlySet<string>
  readonly orgs: ReadonlySet<string>
  /** Namespace of each deployment, by its generated name. */
  readonly namespaces: ReadonlyMap<string, string>
  /** Paths that revisions name. */
  readonly paths: ReadonlySet<string>
}

interface Settings {
  readonly namespacePattern: NamespacePattern
}

export function knownOf(rows: readonly KnownRow[], settings: Settings): Known {
  const keys = (kind: KnownRow['kind']): Set<string> =>
    new Set(rows.filter((row) => row.kind === kind).map(({ key }) => key))
  const namespaces = rows.flatMap(({ kind, key, ownerId, orgId }) =>
    kind === 'deployment' && ownerId !== null && orgId !== null
      ? [[key, namespaceOf({ ownerId, orgId }, settings)] as const]
      : [],
  )
  return { users: keys('user'), orgs: keys('org'), paths: keys('path'), namespaces: new Map(namespaces) }
}

/** What the database is to be asked for, to judge these objects. */
export function questionOf(
  objects: readonly OwnedObject[],
  settings: Settings,
): { names: string[]; userIds: string[]; orgIds: string[] } {
  const label = (key: string): string[] =>
    objects.flatMap(({ labels }) => (labels[key] === undefined ? [] : [labels[key]]))
  const resources = objects.filter(({ kind }) => kind === 'UserDeployment').map(({ name }) => name)
  const guarded = new Set(objects.filter(isGuard).map(({ namespace = '' }) => namespace))
  const tenants = [...guarded].flatMap((namespace) => tenantOf(settings.namespacePattern, namespace) ?? [])
  const unique = (all: string[]): string[] => [...new Set(all)]
  return {
    names: unique([...resources, ...label(LABELS.deployment)]),
    userIds: unique([...label(LABELS.userId), ...tenants.map(({ userId }) => userId)]),
    orgIds: unique([...label(LABELS.orgId), ...tenants.map(({ orgId }) => orgId)]),
  }
}

/** What guards a namespace names no deployment. */
export const isGuard = ({ kind, labels }: Pick<OwnedObject, 'kind' | 'labels'>): boolean =>
  GUARDING_KINDS.has(kind) && labels[LABELS.deployment] === undefined

/** What the cluster has that other objects belong to. */
export interface Present {
  /** `namespace/name` of the custom resources that are there: what belongs to one goes with it. */
  readonly resources: ReadonlySet<string>
  /** Namespaces that carry our label, or in which a custom resource lives. */
  readonly namespaces: ReadonlySet<string>
}

export function presentIn(objects: readonly OwnedObject[]): Present {
  const resources = objects.filter(({ kind }) => kind === 'UserDeployment')
  const namespaces = objects.filter(({ kind }) => kind === 'Namespace')
  return {
    resources: new Set(resources.map(({ namespace, name }) => `${namespace}/${name}`)),
    namespaces: new Set([
      ...namespaces.map(({ name }) => name),
      ...resources.map(({ namespace = '' }) => namespace),
    ]),
  }
}

interface Judging {
  readonly known: Known
  readonly nowMs: number
  readonly present: Present
  readonly settings: Settings
}

/** Why an object belongs to nobody; undefined when it is somebody's, is going, or is too young to tell. */
export function orphanReason(object: OwnedObject, judging: Judging): GarbageReason | undefined {
  if (object.isTerminating || judging.nowMs - object.createdAt.getTime() < GRACE_MS) return undefined
  if (object.kind === 'Namespace') return namespaceReason(object, judging.known)
  if (object.kind === 'UserDeployment') return deploymentReason(object, object.name, judging.known)
  return isGuard(object) ? guardReason(object, judging) : childReason(object, judging)
}

function namespaceReason({ labels }: OwnedObject, { users, orgs }: Known): GarbageReason | undefined {
  const { [LABELS.userId]: user, [LABELS.orgId]: org } = labels
  // Every namespace that the server makes names both.
  if (user === undefined || org === undefined) return undefined
  return users.has(user) && orgs.has(org) ? undefined : 'NoTenant'
}

function deploymentReason(
  { namespace }: OwnedObject,
  deployment: string,
  { namespaces }: Known,
): GarbageReason | undefined {
  const wanted = namespaces.get(deployment)
  if (wanted === undefined) return 'NoDeployment'
  return wanted === namespace ? undefined : 'OtherNamespace'
}

/** It goes with its namespace, as long as that is one of ours; whether it is, rows say where labels do not (any more). */
function guardReason(
  { namespace = '', hasOwner }: OwnedObject,
  { known, present, settings }: Judging,
): GarbageReason | undefined {
  if (hasOwner || present.namespaces.has(namespace)) return undefined
  const tenant = tenantOf(settings.namespacePattern, namespace)
  const isKnown = tenant !== undefined && known.users.has(tenant.userId) && known.orgs.has(tenant.orgId)
  return isKnown ? undefined : 'StrayGuard'
}

function childReason(object: OwnedObject, { known, present }: Judging): GarbageReason | undefined {
  const deployment = object.labels[LABELS.deployment]
  // What has an owner goes with it, by the cluster's own garbage collector; without a deployment we make guards alone.
  if (object.hasOwner || deployment === undefined) return undefined
  if (present.resources.has(`${object.namespace}/${deployment}`)) return undefined
  const reason = deploymentReason(object, deployment, known)
  return reason !== undefined && object.kind === 'PersistentVolumeClaim' ? 'KeptVolume' : reason
}
