/** What a controller is made of. See docs/adding-a-kind.md. */
import type { Cache, Cluster, KubeObject, ObjectRef } from './cluster.ts'
import type { Duration } from './duration.ts'
import type { Result } from './result.ts'

/** A kind whose changes matter to a controller, and for which of its keys. */
export interface Watched {
  cache: Cache
  /** Quick and pure. For the controller's own kind: `(object) => [object.metadata]`. */
  toKeys: (object: KubeObject) => readonly ObjectRef[]
}

/** A {@link Watched} with its kind's type. */
export function watched<T extends KubeObject>(
  cache: Cache<T>,
  toKeys: (object: T) => readonly ObjectRef[],
): Watched {
  return { cache, toKeys } as unknown as Watched
}

export interface ReconcileContext {
  cluster: Cluster
  /** Aborted when leadership is lost, on shutdown, and when the reconcile takes too long. Pass it to every call. */
  signal: AbortSignal
  /** The wall's time, for conditions and deadlines. */
  now(): Date
}

/**
 * Makes the world agree with one object's wish. Gets a name and nothing else, reads everything itself, may be run
 * at any time and any number of times.
 */
export type Reconcile = (ref: ObjectRef, context: ReconcileContext) => Promise<Result>

export interface ControllerOptions {
  /** In metrics and logs: `user-deployment`. */
  name: string
  /** All keys of this cache's objects are looked at again at every resync. */
  primary: Cache
  watches: readonly Watched[]
  reconcile: Reconcile
  /** How many keys are worked on at the same time. Default 8. */
  workers?: number
  /** Everything is looked at again so often, spread over the period. Default 10 h. */
  resyncEvery?: Duration
  /** A reconcile that takes longer is aborted and counts as failed. Default 2m. */
  timeout?: Duration
  /** How soon a stalled key is looked at again when nothing changed. Default 10m. */
  stalledAgain?: Duration
}
