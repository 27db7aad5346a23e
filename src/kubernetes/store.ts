import { keyOf, type KubeObject, type ObjectKey, type ObjectRef } from './object.ts'

/** Says under which values an object is found; several, or none. */
export type Indexer<T> = (object: T) => readonly string[]

/** The objects of one watched kind as they were last heard of. Reading costs no call. */
export interface Store<T extends KubeObject = KubeObject> {
  readonly size: number
  get(ref: ObjectRef): T | undefined
  has(ref: ObjectRef): boolean
  values(): Iterable<T>
  keys(): Iterable<ObjectKey>
  /**
   * The objects that an indexer files under a value, in no order.
   *
   * @throws {RangeError} there is no such index: a mistake in the program
   */
  by(index: string, value: string): readonly T[]
}

/** Files an object under the uids of its owners. */
export const byOwner: Indexer<KubeObject> = (object) =>
  object.metadata.ownerReferences?.map(({ uid }) => uid) ?? []

/** Files an object under its namespace. */
export const byNamespace: Indexer<KubeObject> = (object) =>
  object.metadata.namespace === undefined ? [] : [object.metadata.namespace]

/** Files an object under its value of a label. */
export function byLabel(label: string): Indexer<KubeObject> {
  return (object) => {
    const value = object.metadata.labels?.[label]
    return value === undefined ? [] : [value]
  }
}

interface Index<T> {
  readonly name: string
  readonly valuesOf: Indexer<T>
  readonly files: Map<string, Map<ObjectKey, T>>
}

/** A store that the reflector writes. Indexes follow every write. */
export class MutableStore<T extends KubeObject> implements Store<T> {
  readonly #objects = new Map<ObjectKey, T>()
  readonly #indexes: readonly Index<T>[]

  constructor(indexers: Readonly<Record<string, Indexer<T>>> = {}) {
    this.#indexes = Object.entries(indexers).map(([name, valuesOf]) => ({ name, valuesOf, files: new Map() }))
  }

  get size(): number {
    return this.#objects.size
  }

  get(ref: ObjectRef): T | undefined {
    return this.#objects.get(keyOf(ref))
  }

  has(ref: ObjectRef): boolean {
    return this.#objects.has(keyOf(ref))
  }

  values(): Iterable<T> {
    return this.#objects.values()
  }

  keys(): Iterable<ObjectKey> {
    return this.#objects.keys()
  }

  by(index: string, value: string): readonly T[] {
    const found = this.#indexes.find(({ name }) => name === index)
    if (!found) throw new RangeError(`There is no index ${JSON.stringify(index)} on this store.`)
    return [...(found.files.get(value)?.values() ?? [])]
  }

  /** @returns what was there before */
  put(object: T): T | undefined {
    const key = keyOf(object.metadata)
    const before = this.#objects.get(key)
    this.#objects.set(key, object)
    for (const index of this.#indexes) {
      const { files } = index
      const values = index.valuesOf(object)
      // Hardly ever is it found under something else than before.
      if (before)
        unfile(
          index,
          key,
          index.valuesOf(before).filter((value) => !values.includes(value)),
        )
      for (const value of values) {
        const file = files.get(value)
        if (file) file.set(key, object)
        else files.set(value, new Map([[key, object]]))
      }
    }
    return before
  }

  /** @returns what was there */
  remove(key: ObjectKey): T | undefined {
    const before = this.#objects.get(key)
    if (!before) return undefined
    for (const index of this.#indexes) unfile(index, key, index.valuesOf(before))
    this.#objects.delete(key)
    return before
  }
}

function unfile<T>({ files }: Index<T>, key: ObjectKey, values: readonly string[]): void {
  for (const value of values) {
    const file = files.get(value)
    file?.delete(key)
    if (file?.size === 0) files.delete(value)
  }
}
