/** Which objects of the cluster belong to nobody. Pure. */
import { LABELS } from '../../contract/crd/meta.ts'
import type { NamespacePattern } from '../../contract/names.ts'
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

export function knownOf(rows: readonly KnownRow[], settings: { namespacePattern: NamespacePattern }): Known {
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
export function questionOf(objects: readonly OwnedObject[]): {
  names: string[]
  userIds: string[]
  orgIds: string[]
} {
  const label = (key: string): string[] => [
    ...new Set(objects.flatMap(({ labels }) => (labels[key] === undefined ? [] : [labels[key]]))),
  ]
  const resources = objects.filter(({ kind }) => kind === 'UserDeployment').map(({ name }) => name)
  return {
    names: [...new Set([...resources, ...label(LABELS.deployment)])],
    userIds: label(LABELS.userId),
    orgIds: label(LABELS.orgId),
  }
}

interface Judging {
  readonly known: Known
  readonly nowMs: number
  /** `namespace/name` of the custom resources that are there: what belongs to one goes with it. */
  readonly resources: ReadonlySet<string>
}

/** Why an object belongs to nobody; undefined when it is somebody's, is going, or is too young to tell. */
export function orphanReason(object: OwnedObject, judging: Judging): GarbageReason | undefined {
  if (object.isTerminating || judging.nowMs - object.createdAt.getTime() < GRACE_MS) return undefined
  if (object.kind === 'Namespace') return namespaceReason(object, judging.known)
  if (object.kind === 'UserDeployment') return deploymentReason(object, object.name, judging.known)
  return childReason(object, judging)
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

function childReason(object: OwnedObject, { known, resources }: Judging): GarbageReason | undefined {
  const deployment = object.labels[LABELS.deployment]
  // What has an owner goes with it, by the cluster's own garbage collector; what names no deployment is its namespace's.
  if (object.hasOwner || deployment === undefined) return undefined
  if (resources.has(`${object.namespace}/${deployment}`)) return undefined
  const reason = deploymentReason(object, deployment, known)
  return reason !== undefined && object.kind === 'PersistentVolumeClaim' ? 'KeptVolume' : reason
}
