/**
 * What is left in memory of an object that was compared with what is wanted, and holds all of it: what is read of it,
 * and the hash of what it was compared with. The next comparison is one of hashes, until the object changes: then the
 * watch brings it whole (docs/decisions/052).
 */
import type { KubeObject, ObjectMeta } from './object.ts'

const AGREED = Symbol('agreed')

type Agreed = KubeObject & { [AGREED]?: string }

/** Picks what is read of an object besides its metadata: its `spec` and `status`, or parts of them. */
export type Essence<T extends KubeObject> = (object: T) => object

/**
 * @param hash of all that was wanted and is held
 * @returns a new object: identity, labels, owners, what `essence` picks, and the hash
 */
export function agreed<T extends KubeObject>(object: T, essence: Essence<T>, hash: string): T {
  const { apiVersion, kind, metadata } = object
  return {
    apiVersion,
    kind,
    metadata: identityOf(metadata),
    ...essence(object),
    [AGREED]: hash,
  } as Agreed as T
}

/** Whether an object, in the version that it has, was found to hold what has this hash. */
export const isAgreed = (object: Agreed | undefined, hash: string): boolean => object?.[AGREED] === hash

function identityOf(metadata: ObjectMeta): ObjectMeta {
  const { name, namespace, uid, resourceVersion, generation, labels, ownerReferences, deletionTimestamp } =
    metadata
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(generation === undefined ? {} : { generation }),
    ...(labels === undefined ? {} : { labels }),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
  }
}
