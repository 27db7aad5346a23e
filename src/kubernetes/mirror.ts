import { isDeepStrictEqual } from 'node:util'

import { agreed, type Agreement } from './agreed.ts'
import { isOlderVersion, keyOf, type KubeObject, type ObjectKey } from './object.ts'
import type { Change, WatchSelection } from './reflector-types.ts'
import { matchesLabels } from './selector.ts'
import { MutableStore, type Store } from './store.ts'
import { dropBookkeeping } from './trim.ts'

interface MirrorParts {
  /** Milliseconds. */
  now: () => number
  /** A handler, an indexer or the trimming threw. */
  onHandlerError: (error: unknown) => void
}

/** A watch that lags further behind one of our own writes has lost its thread, and is believed again. */
const AHEAD_MS = 60_000

/**
 * The store of a reflector, and those who listen to it. Takes objects in the order in which the API server tells
 * them and turns them into changes: what a new list lacks was deleted, what has a new uid was deleted and made again.
 */
export class Mirror<T extends KubeObject> {
  readonly #store: MutableStore<T>
  readonly #selection: WatchSelection<T>
  readonly #parts: MirrorParts
  readonly #handlers = new Set<(change: Change<T>) => void>()
  /** Versions that we wrote and the watch has not told yet. */
  readonly #ahead = new Map<ObjectKey, { version: string | undefined; at: number }>()
  /** While a list comes in: what it has named so far. */
  #listed: Set<ObjectKey> | undefined
  /** The version up to which all was told, by the last list or the last event of the watch. */
  #told: string | undefined

  constructor(selection: WatchSelection<T>, parts: MirrorParts) {
    this.#selection = selection
    this.#parts = parts
    this.#store = new MutableStore(selection.indexes, parts.onHandlerError)
  }

  get store(): Store<T> {
    return this.#store
  }

  /** @returns stop */
  onChange(handler: (change: Change<T>) => void): () => void {
    this.#handlers.add(handler)
    return () => void this.#handlers.delete(handler)
  }

  /** From here to {@link completeList} everything that exists is told; an earlier, unfinished list is forgotten. */
  beginList(): void {
    this.#listed = new Set()
  }

  /** @param version that the list is of */
  completeList(version: string | undefined): void {
    const listed = this.#listed
    this.#listed = undefined
    if (!listed) return
    this.#told = version
    const gone = [...this.#store.keys()].filter((key) => !listed.has(key) && !this.#isBehind(key, version))
    for (const key of gone) this.#drop(key)
  }

  put(raw: T): void {
    if (!this.#isKept(raw)) return this.remove(raw)
    const key = keyOf(raw.metadata)
    this.#hear(raw)
    this.#listed?.add(key)
    if (!this.#isBehind(key, raw.metadata.resourceVersion)) this.#set(key, raw)
  }

  remove(object: T): void {
    const key = keyOf(object.metadata)
    this.#hear(object)
    this.#listed?.delete(key)
    if (!this.#isBehind(key, object.metadata.resourceVersion)) this.#drop(key)
  }

  /** See {@link Reflector.accept}. */
  accept(object: T): void {
    const { resourceVersion, name, namespace } = object.metadata
    // Of what is not there and no newer than all that was told, the watch has told the deletion: it never will again.
    const known = this.#store.get(object.metadata)?.metadata.resourceVersion ?? this.#told
    if (!this.#isSelected(object) || (known !== undefined && !isOlderVersion(known, resourceVersion))) return
    const key = keyOf({ name, ...(namespace === undefined ? {} : { namespace }) })
    this.#ahead.set(key, { version: resourceVersion, at: this.#parts.now() })
    this.#set(key, this.#selection.metadataOnly ? withoutBody(object) : object)
  }

  /** See {@link Reflector.agree}. */
  agree(agreement: Agreement<T>): void {
    const { essence } = this.#selection
    const { live } = agreement
    if (essence) this.#store.exchange(live, () => agreed(agreement, essence))
  }

  /** Events come in the order of their versions; what a list names comes in any. */
  #hear({ metadata: { resourceVersion } }: T): void {
    if (!this.#listed) this.#told = resourceVersion
  }

  #isKept(raw: T): boolean {
    try {
      return this.#selection.keeps?.(raw) ?? true
    } catch (error) {
      this.#parts.onHandlerError(error)
      return true
    }
  }

  #isSelected({ metadata }: T): boolean {
    const { namespace, labels, fields } = this.#selection
    if (fields !== undefined || (namespace !== undefined && namespace !== metadata.namespace)) return false
    return labels === undefined || matchesLabels(labels, metadata.labels)
  }

  /** Whether what the watch says of a key is older than what we wrote ourselves. */
  #isBehind(key: ObjectKey, version: string | undefined): boolean {
    const ahead = this.#ahead.get(key)
    if (!ahead) return false
    const isBehind = isOlderVersion(version, ahead.version) && this.#parts.now() - ahead.at < AHEAD_MS
    if (!isBehind) this.#ahead.delete(key)
    return isBehind
  }

  #set(key: ObjectKey, raw: T): void {
    const known = this.#store.get(raw.metadata)
    if (known && isSameVersion(known, raw)) return
    // Items of a list do not say what they are; metadata-only answers say what they are not.
    raw.kind = this.#selection.resource.kind
    raw.apiVersion = this.#selection.resource.apiVersion
    const object = this.#trimmed(raw)
    if (known && known.metadata.uid !== object.metadata.uid) this.#drop(key)
    const previous = this.#store.put(object)
    if (previous && this.#selection.trim && isSameButVersion(previous, object)) return
    this.#tell(previous ? { type: 'updated', key, object, previous } : { type: 'added', key, object })
  }

  #trimmed(raw: T): T {
    try {
      return (this.#selection.trim ?? dropBookkeeping)(raw)
    } catch (error) {
      this.#parts.onHandlerError(error)
      return raw
    }
  }

  #drop(key: ObjectKey): void {
    const object = this.#store.remove(key)
    if (object) this.#tell({ type: 'deleted', key, object })
  }

  #tell(change: Change<T>): void {
    for (const handler of [...this.#handlers]) {
      try {
        handler(change)
      } catch (error) {
        this.#parts.onHandlerError(error)
      }
    }
  }
}

function withoutBody<T extends KubeObject>({ apiVersion, kind, metadata }: T): T {
  return { apiVersion, kind, metadata } as T
}

function isSameVersion(a: KubeObject, b: KubeObject): boolean {
  const { uid, resourceVersion } = a.metadata
  return (
    resourceVersion !== undefined && resourceVersion === b.metadata.resourceVersion && uid === b.metadata.uid
  )
}

function isSameButVersion(a: KubeObject, b: KubeObject): boolean {
  const withoutVersion = (object: KubeObject): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, resourceVersion: '' },
  })
  return isDeepStrictEqual(withoutVersion(a), withoutVersion(b))
}
