import { keyOf, type KubeObject } from '../../src/kubernetes/object.ts'
import type { Cache, Cluster } from './cluster.ts'

interface Ownership {
  /** The uid of the owner: a namesake of an earlier life owns nothing. */
  ownerUid: string
  /** All of these labels with these values: what somebody else hung on our owner does not have them. */
  labels: Readonly<Record<string, string>>
}

/** Whether an object is the owner's, made by us. */
function isOwned({ metadata }: KubeObject, { ownerUid, labels }: Ownership): boolean {
  return (
    (metadata.ownerReferences?.some(({ uid, controller }) => uid === ownerUid && controller === true) ??
      false) &&
    Object.entries(labels).every(([label, value]) => metadata.labels?.[label] === value)
  )
}

interface PruneChoice extends Ownership {
  /** What is there. */
  live: Iterable<KubeObject>
  /** What should be: these stay. */
  desired: Iterable<KubeObject>
}

/** Our own objects that nobody wants any more, and that are not on their way out already. Pure. */
export function toPrune({ live, desired, ...ownership }: PruneChoice): KubeObject[] {
  const wanted = new Set([...desired].map(slotOf))
  return [...live].filter(
    (object) =>
      object.metadata.deletionTimestamp === undefined &&
      isOwned(object, ownership) &&
      !wanted.has(slotOf(object)),
  )
}

function slotOf({ apiVersion, kind, metadata }: KubeObject): string {
  // Without the version: the same object may be read in another one than it is written in.
  return `${apiVersion.split('/').slice(0, -1).join('/')} ${kind} ${keyOf(metadata)}`
}

interface PruneRequest extends Ownership {
  cluster: Cluster
  caches: readonly Cache[]
  desired: Iterable<KubeObject>
  /** Of the caches: files objects under the uids of their owners. */
  ownerIndex: string
  signal?: AbortSignal
}

/**
 * Deletes what {@link toPrune} finds in the caches, one after the other.
 *
 * @returns what was deleted
 * @throws as {@link Cluster.delete}
 */
export async function prune(request: PruneRequest): Promise<KubeObject[]> {
  const { cluster, caches, ownerIndex, ownerUid, signal } = request
  const live = caches.flatMap((cache) => cache.by(ownerIndex, ownerUid))
  const doomed = toPrune({ ...request, live })
  for (const object of doomed) await cluster.delete(object, signal)
  return doomed
}
