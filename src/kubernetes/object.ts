/** Kubernetes objects as they come over the wire: raw JSON, dates as text. */

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ */
export interface ObjectMeta {
  name: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
  managedFields?: unknown[]
}

interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

/** What every object has. A kind's own type extends it by `spec`, `status`, `data`. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
}

/** Names one object among all of its kind. */
export interface ObjectRef {
  name: string
  /** Absent for kinds without namespaces. */
  namespace?: string
}

/** `namespace/name`, or `name` for kinds without namespaces: what caches and queues count by. */
export type ObjectKey = string

export function keyOf({ namespace, name }: ObjectRef): ObjectKey {
  return namespace === undefined ? name : `${namespace}/${name}`
}

/** The reverse of {@link keyOf}: neither a namespace nor a name can hold a slash. */
export function refOf(key: ObjectKey): ObjectRef {
  const slash = key.indexOf('/')
  return slash === -1 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}

/**
 * Whether one version of an object (or of its list) is older than another. Versions are numbers that count up within a
 * kind: promised since Kubernetes 1.35, true before. What cannot be compared is not older.
 */
export function isOlderVersion(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined || !/^\d+$/.test(a) || !/^\d+$/.test(b)) return false
  return a.length === b.length ? a < b : a.length < b.length
}
