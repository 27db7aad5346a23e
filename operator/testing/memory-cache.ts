import { agreed, type Agreement } from '../../src/kubernetes/agreed.ts'
import { RESOURCES } from '../../src/kubernetes/resources.ts'
import { MutableStore } from '../../src/kubernetes/store.ts'
import {
  ANY_VALUE,
  keyOf,
  type Cache,
  type CacheSelection,
  type Change,
  type KubeObject,
} from '../runtime/cluster.ts'
import type { StoredChange } from './memory-objects.ts'

/** A watch on objects in memory. Between two calls of {@link deliver} it shows the world as it was. */
export class MemoryCache<T extends KubeObject> implements Cache<T> {
  readonly resource
  isSynced = true
  isServed = true
  readonly #store: MutableStore<T>
  readonly #selection: CacheSelection<T>
  readonly #handlers: ((change: Change<T>) => void)[] = []
  #pending: StoredChange[] = []

  constructor(selection: CacheSelection<T>) {
    this.#selection = selection
    this.resource = RESOURCES[selection.kind]
    this.#store = new MutableStore<T>(selection.indexes)
  }

  get size(): number {
    return this.#store.size
  }
  get(ref: KubeObject['metadata']): T | undefined {
    return this.#store.get(ref)
  }
  has(ref: KubeObject['metadata']): boolean {
    return this.#store.has(ref)
  }
  keys(): Iterable<string> {
    return this.#store.keys()
  }
  values(): Iterable<T> {
    return this.#store.values()
  }

  onChange(handler: (change: Change<T>) => void): () => void {
    this.#handlers.push(handler)
    return () => undefined
  }

  note(change: StoredChange): void {
    if (change.kind === this.#selection.kind) this.#pending.push(change)
  }

  get hasNews(): boolean {
    return this.#pending.length > 0
  }

  /** Catches up. @param isSilent events are lost; only a later look finds what they told */
  deliver(isSilent = false): void {
    if (!this.hasNews) return
    const pending = this.#pending
    this.#pending = []
    for (const { type, object } of pending) this.#take(type, object, isSilent)
  }

  /** A list of all that is there: what is not in it is gone. */
  relist(objects: readonly KubeObject[]): void {
    const { kind } = this.#selection
    const there = new Set(objects.map(({ metadata }) => keyOf(metadata)))
    const gone = [...this.#store.values()].filter(({ metadata }) => !there.has(keyOf(metadata)))
    this.#pending = [
      ...gone.map((object) => ({ type: 'delete' as const, kind, object })),
      ...objects.map((object) => ({ type: 'put' as const, kind, object })),
    ]
  }

  /** What this process wrote is seen at once. */
  accept(object: KubeObject): void {
    this.#take('put', object, false)
  }

  /** It holds what is wanted: only its essence is kept. */
  agree({ live, wanted, hash }: Agreement<KubeObject>): void {
    const { essence } = this.#selection
    if (essence && this.#store.get(live.metadata) === live)
      this.#store.put(agreed({ live: live as T, wanted, hash }, essence))
  }

  #take(type: StoredChange['type'], raw: KubeObject, isSilent: boolean): void {
    const key = keyOf(raw.metadata)
    const previous = this.#store.get(raw.metadata)
    const isNew =
      !previous || Number(previous.metadata.resourceVersion) < Number(raw.metadata.resourceVersion)
    const tell = (change: Change<T>): void => {
      if (!isSilent) for (const handler of this.#handlers) handler(change)
    }
    if (type === 'put' && this.#isSelected(raw)) {
      if (!isNew) return
      const object = this.#kept(raw)
      this.#store.put(object)
      tell(previous ? { type: 'updated', key, object, previous } : { type: 'added', key, object })
    } else if (previous && (type === 'put' || previous.metadata.uid === raw.metadata.uid)) {
      this.#store.remove(key)
      tell({ type: 'deleted', key, object: previous })
    }
  }

  #isSelected({ metadata }: KubeObject): boolean {
    // Selected by what this model does not know.
    if (this.#selection.fields) return false
    return Object.entries(this.#selection.labels ?? {}).every(([label, value]) => {
      const has = metadata.labels?.[label]
      return value === ANY_VALUE ? has !== undefined : has === value
    })
  }

  #kept(raw: KubeObject): T {
    const { apiVersion, kind, metadata } = raw
    const object = (this.#selection.metadataOnly ? { apiVersion, kind, metadata } : raw) as T
    return this.#selection.trim?.(object) ?? object
  }
}
