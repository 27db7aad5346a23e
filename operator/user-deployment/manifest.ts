/** Objects as this room makes and compares them: raw JSON, the same shape as `src/kubernetes/object.ts`. */

export interface Manifest {
  apiVersion: string
  kind: string
  metadata: ManifestMeta
}

export interface ManifestMeta {
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
}

interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

/** The fields of a class of `@kubernetes/client-node`, which are used as types only. */
export type Fields<T> = { [Key in keyof T]: T[Key] }

/** Names an object among all of a namespace: `Deployment web`. */
export type Slot = `${string} ${string}`

export const slotOf = ({ kind, metadata }: Pick<Manifest, 'kind' | 'metadata'>): Slot =>
  `${kind} ${metadata.name}`

/** Without what is `undefined`, which JSON does not have and comparisons stumble over. One level. */
export function defined<T extends object>(fields: T): T {
  const some: Partial<T> = {}
  for (const name in fields) if (fields[name] !== undefined) some[name] = fields[name]
  return some as T
}
