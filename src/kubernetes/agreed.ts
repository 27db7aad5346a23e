/**
 * What is left in memory of an object that was compared with what is wanted, and holds all of it: what is read of it,
 * and the hash of what it was compared with. The next comparison is one of hashes, until the object changes: then the
 * watch brings it whole (docs/decisions/052).
 */
import type { KubeObject } from './object.ts'

const AGREED = Symbol('agreed')

type Agreed = KubeObject & { [AGREED]?: string }

/** Picks what is read of an object besides its identity: its `spec` and `status` and annotations, or parts of them. */
export type Essence<T extends KubeObject> = (object: T) => object

/** An object that holds all that is wanted, and the hash of that. */
export interface Agreement<T extends KubeObject> {
  live: T
  wanted: KubeObject
  hash: string
}

/**
 * @returns a new object: its identity, the labels and owners that are wanted, what `essence` picks, and the hash.
 *   The words of what is wanted stand there instead of equal ones: all objects of a wish share them.
 */
export function agreed<T extends KubeObject>({ live, wanted, hash }: Agreement<T>, essence: Essence<T>): T {
  const { uid, resourceVersion, generation, deletionTimestamp } = live.metadata
  const { name, namespace, labels, ownerReferences } = wanted.metadata
  const { metadata, ...rest } = essence(live) as Partial<KubeObject>
  return {
    apiVersion: wanted.apiVersion,
    kind: wanted.kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(generation === undefined ? {} : { generation }),
      ...(labels === undefined ? {} : { labels }),
      ...(ownerReferences === undefined ? {} : { ownerReferences }),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
      ...metadata,
    },
    ...rest,
    [AGREED]: hash,
  } as Agreed as T
}

/** Whether an object, in the version that it has, was found to hold what has this hash. */
export const isAgreed = (object: Agreed | undefined, hash: string): boolean => object?.[AGREED] === hash
