/** The face of a reflector: what its users see and set. */
import type { Clock, Random } from './clock.ts'
import type { Agreement, Essence } from './agreed.ts'
import type { KubeObject, ObjectKey } from './object.ts'
import type { Resource } from './resources.ts'
import type { Selector } from './selector.ts'
import type { Filing, Store } from './store.ts'
import type { Transport } from './transport-types.ts'

/** What became different. `previous` is what the store held before; versions in between may never be seen. */
export type Change<T extends KubeObject = KubeObject> =
  | { type: 'added'; key: ObjectKey; object: T; previous?: undefined }
  | { type: 'updated'; key: ObjectKey; object: T; previous: T }
  /** `object` is the last version heard of: the very last may have been missed while the watch was down. */
  | { type: 'deleted'; key: ObjectKey; object: T; previous?: undefined }

/** Which objects are kept, and how. */
export interface WatchSelection<T extends KubeObject = KubeObject> {
  resource: Resource
  /** One namespace; all of them when absent. */
  namespace?: string
  labels?: Selector
  fields?: Selector
  /** Only metadata comes over the wire (PartialObjectMetadata): existence and owner of big or secret things. */
  metadataOnly?: boolean
  /** Which of the objects are kept, where no selector can say it; what it says no to might as well not be there. */
  keeps?: (object: T) => boolean
  /**
   * Keeps of each object what is needed; the default drops what nobody reads. An update that leaves all of that as it
   * was is stored and told to nobody. Must not fail.
   */
  trim?: (object: T) => T
  /** What is kept of an object that {@link Reflector.agree} was told of; absent: all of it. */
  essence?: Essence<T>
  indexes?: readonly Filing<T>[]
  /** The cluster may lack the kind. While it does, the store counts as synced. */
  optional?: boolean
}

export interface ReflectorOptions<T extends KubeObject = KubeObject> extends WatchSelection<T> {
  transport: Transport
  clock?: Clock
  random?: Random
  /** Told of every failure, a handler's own ones too. What it throws is dropped. */
  onError?: (error: unknown) => void
  /** A watch that said nothing for so long is taken for dead. Bookmarks come about once a minute. */
  inactivityMs?: number
}

export interface ReflectorCounts {
  /** Completed lists, streamed or in pages. */
  lists: number
  /** Watches begun. */
  watches: number
  /** Broken connections, refusals, nonsense. */
  errors: number
  /** Handlers that threw. */
  handlerErrors: number
}

/** Keeps a store equal to what the API server has, for as long as it lives. */
export interface Reflector<T extends KubeObject = KubeObject> {
  readonly store: Store<T>
  readonly resource: Resource
  readonly counts: Readonly<ReflectorCounts>
  /** The first list is in: before that, absence from the store means nothing. */
  readonly isSynced: boolean
  /** False while the API server says that it knows no such kind. The store stays as it was. */
  readonly isServed: boolean
  /** Why the last list or watch ended, until a list succeeds again. For people. */
  readonly lastError: unknown
  /** Called for every change, synchronously, after the store has it. To be quick: enqueue a key. @returns stop */
  onChange(handler: (change: Change<T>) => void): () => void
  /** @throws the signal's reason when it is aborted first */
  untilSynced(signal?: AbortSignal): Promise<void>
  /**
   * Puts an object into the store as the API server answered it to a write, ahead of the watch: whoever reads the store
   * next sees what was written. It is the store's own from then on. Passed over when it does not fit the selection, or the
   * watch is further already: also where it came after the object's deletion.
   */
  accept(object: T): void
  /**
   * An object of the store holds all that is wanted: from now on its essence stands in its place.
   * Nobody is told. Passed over when the store has another version by now, or the selection has no essence. Indexes file by
   * labels that are wanted, or by what an essence has.
   */
  agree(agreement: Agreement<T>): void
  /** Since the API server last said anything about this kind; Infinity before the first word. */
  secondsSinceContact(): number
  /** Lists and watches from now on. Calling it again changes nothing. */
  start(): void
  /** Ends connections; the store stays as it is. Resolves when nothing runs any more. */
  stop(): Promise<void>
}
