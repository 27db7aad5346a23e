import { keyOf, type KubeObject, type ObjectRef } from '../../../src/kubernetes/object.ts'
import { RESOURCES, type KnownKind } from '../../../src/kubernetes/resources.ts'
import { MutableStore, type Filing } from '../../../src/kubernetes/store.ts'
import type { Cache, Change } from '../cluster.ts'

/** A cache that a test fills by hand. */
export class FakeCache<T extends KubeObject = KubeObject> extends MutableStore<T> implements Cache<T> {
  readonly resource
  isSynced = true
  isServed = true
  readonly #handlers = new Set<(change: Change<T>) => void>()

  constructor(kind: KnownKind, indexes: readonly Filing<T>[] = []) {
    super(indexes)
    this.resource = RESOURCES[kind]
  }

  onChange(handler: (change: Change<T>) => void): () => void {
    this.#handlers.add(handler)
    return () => void this.#handlers.delete(handler)
  }

  set(object: T): void {
    const previous = this.put(object)
    const key = keyOf(object.metadata)
    this.#tell(previous ? { type: 'updated', key, object, previous } : { type: 'added', key, object })
  }

  delete(ref: ObjectRef): void {
    const key = keyOf(ref)
    const object = this.remove(key)
    if (object) this.#tell({ type: 'deleted', key, object })
  }

  #tell(change: Change<T>): void {
    for (const handler of this.#handlers) handler(change)
  }
}
