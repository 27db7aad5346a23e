/**
 * The cluster as a reconcile sees it: caches to read, live reads where a cache may be too old, and writes that are
 * fenced. No write leaves this process once leadership is not certain any more.
 */
import type { KubeObject, ObjectRef } from '../../src/kubernetes/object.ts'
import type { Change, WatchSelection } from '../../src/kubernetes/reflector-types.ts'
import type { KnownKind, Resource } from '../../src/kubernetes/resources.ts'
import type { ANY_VALUE } from '../../src/kubernetes/selector.ts'
import type { Store } from '../../src/kubernetes/store.ts'

export type { KubeObject, ObjectRef } from '../../src/kubernetes/object.ts'
export { fingerprint, isSameJson } from '../../src/kubernetes/canonical.ts'
export { keyOf, refOf } from '../../src/kubernetes/object.ts'
export type { Change } from '../../src/kubernetes/reflector-types.ts'
export { RESOURCES, type KnownKind } from '../../src/kubernetes/resources.ts'
export { ANY_VALUE } from '../../src/kubernetes/selector.ts'
export { Index } from '../../src/kubernetes/store.ts'
export { KubeError } from '../../src/kubernetes/kube-error.ts'

/** Which objects of a kind are kept in memory, and how. The narrower the better: memory grows with what is selected. */
export interface CacheSelection<T extends KubeObject> extends Omit<
  WatchSelection<T>,
  'resource' | 'labels' | 'fields'
> {
  /** A kind of the table in `src/kubernetes/resources.ts`. */
  kind: KnownKind
  /** Objects with all of these labels; `ANY_VALUE` where the value does not matter. */
  labels?: Readonly<Record<string, string | typeof ANY_VALUE>>
  /** Objects with these fields, of the few that the API server selects by: `regarding.kind` of events. */
  fields?: Readonly<Record<string, string>>
}

/** A watched kind. Filled before the first reconcile, kept warm on standby replicas. */
export interface Cache<T extends KubeObject = KubeObject> extends Store<T> {
  readonly resource: Resource
  /** The first list is in. */
  readonly isSynced: boolean
  /** False while the cluster does not know the kind. */
  readonly isServed: boolean
  /** @returns stop */
  onChange(handler: (change: Change<T>) => void): () => void
}

/** `created` and `updated` wrote; `unchanged` asked nothing of the API server. */
export type Applied = 'created' | 'updated' | 'unchanged'

export interface ApplyOptions<T extends KubeObject> {
  /** The object as the cache has it; absent when it has none. It decides whether anything is written at all. */
  live: T | undefined
  /** Take fields that others own. Only for objects that this operator created. */
  force?: boolean
  /** Asked when something is about to be written, and only then; what it throws ends the write. */
  beforehand?: () => Promise<void>
  signal?: AbortSignal
}

export interface Cluster {
  /** Declares a watch. Before the manager starts only. */
  cache<T extends KubeObject>(selection: CacheSelection<T>): Cache<T>

  /** Asks the API server itself. `undefined` when it is not there. */
  get<T extends KubeObject>(kind: KnownKind, ref: ObjectRef, signal?: AbortSignal): Promise<T | undefined>

  /**
   * Whether {@link apply} would send nothing, without a promise: of thousands of objects most are as they should be.
   */
  holds(live: KubeObject | undefined, desired: KubeObject): boolean

  /**
   * Creates it where there is no live object; otherwise server-side apply with the operator's field manager, and
   * nothing is sent when the live object holds every field of the desired one already, and has none that an earlier
   * version of it owned.
   *
   * @throws {NotLeaderError} before anything is sent
   * @throws {KubeError} 409 when another owns a field or the object was replaced meanwhile; with the reason
   *   `AlreadyExists` when there is one that the cache does not have
   */
  apply<T extends KubeObject>(desired: T, options: ApplyOptions<T>): Promise<Applied>

  /**
   * The same for the `status` subresource; of `desired` only metadata's name and `status` count. Always forced: a status
   * is the operator's own, whoever wrote into it.
   */
  applyStatus<T extends KubeObject>(desired: T, options: ApplyOptions<T>): Promise<Applied>

  /**
   * Deletes exactly what was seen (preconditions on uid and resourceVersion); dependents go in the background.
   *
   * @returns false when it was gone already
   * @throws {NotLeaderError} @throws {KubeError} 409 when it changed since it was seen
   */
  delete(live: KubeObject, signal?: AbortSignal): Promise<boolean>

  /** A Kubernetes Event about an object; repeated ones are counted, floods are dropped. Never throws, never waits. */
  event(about: KubeObject, event: EventWords): void
}

export interface EventWords {
  type: 'Normal' | 'Warning'
  /** One CamelCase word, the same as in conditions. */
  reason: string
  /** A sentence for people, at most 1,024 characters; more is cut. */
  message: string
}

/** A write was stopped because another replica may lead by now. The reconcile is dropped without complaint. */
export class NotLeaderError extends Error {
  override readonly name = 'NotLeaderError'

  constructor() {
    super('This replica does not lead any more: it may not write.')
  }
}
