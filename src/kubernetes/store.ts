import { keyOf, refOf, type KubeObject, type ObjectKey, type ObjectRef } from './object.ts'

/** Says under which values an object is found; several, or none. */
export type Indexer<T> = (object: T) => readonly string[]

/** The objects of one watched kind as they were last heard of. Reading costs no call. */
export interface Store<T extends KubeObject = KubeObject> {
  readonly size: number
  get(ref: ObjectRef): T | undefined
  has(ref: ObjectRef): boolean
  values(): Iterable<T>
  keys(): Iterable<ObjectKey>
}

/** Follows every write of a store. */
export interface Filing<T> {
  /** @throws what the indexer throws; nothing of `before` is left behind even then */
  replace(before: T | undefined, after: T | undefined): void
}

/** Finds the objects of one store, or of several, by what an indexer says of them. */
export class Index<T extends KubeObject = KubeObject> implements Filing<T> {
  readonly #valuesOf: Indexer<T>
  /** Where there is one object, as mostly, it stands for itself: beside thousands, lists of one are what takes the room. */
  readonly #files = new Map<string, T | T[]>()

  constructor(valuesOf: Indexer<T>) {
    this.#valuesOf = valuesOf
  }

  /** What is filed under a value, the longest there first. */
  of(value: string): readonly T[] {
    const filed = this.#files.get(value)
    if (filed === undefined) return []
    return Array.isArray(filed) ? [...filed] : [filed]
  }

  replace(before: T | undefined, after: T | undefined): void {
    const old = before ? this.#filed(before) : []
    let values: readonly string[] = []
    try {
      if (after) values = this.#valuesOf(after)
    } finally {
      // Hardly ever is it found under something else than before.
      for (const value of old) if (before && !values.includes(value)) this.#unfile(value, before)
      for (const value of values) if (after) this.#file(value, before, after)
    }
  }

  /** An object that the indexer cannot read was filed nowhere. */
  #filed(object: T): readonly string[] {
    try {
      return this.#valuesOf(object)
    } catch {
      return []
    }
  }

  #file(value: string, before: T | undefined, after: T): void {
    const filed = this.#files.get(value)
    if (Array.isArray(filed)) {
      const at = before ? filed.indexOf(before) : -1
      if (at !== -1) filed[at] = after
      else if (!filed.includes(after)) filed.push(after)
    } else if (filed === undefined || filed === before) this.#files.set(value, after)
    else if (filed !== after) this.#files.set(value, [filed, after])
  }

  #unfile(value: string, object: T): void {
    const filed = this.#files.get(value)
    const left = Array.isArray(filed) ? filed.filter((each) => each !== object) : []
    const [first] = left
    if (first === undefined) this.#files.delete(value)
    else this.#files.set(value, left.length === 1 ? first : left)
  }
}

/** A store that the reflector writes. Indexes follow every write. */
export class MutableStore<T extends KubeObject> implements Store<T> {
  /** By namespace (empty where a kind has none) and name: thousands of keys of both would be as large as what they name. */
  readonly #objects = new Map<string, Map<string, T>>()
  readonly #indexes: readonly Filing<T>[]
  readonly #onIndexError: (error: unknown) => void
  #size = 0

  /** @param onIndexError an indexer threw: the object is stored, and not found by it. By default that is thrown. */
  constructor(indexes: readonly Filing<T>[] = [], onIndexError: (error: unknown) => void = rethrow) {
    this.#indexes = indexes
    this.#onIndexError = onIndexError
  }

  get size(): number {
    return this.#size
  }

  get({ namespace = '', name }: ObjectRef): T | undefined {
    return this.#objects.get(namespace)?.get(name)
  }

  has(ref: ObjectRef): boolean {
    return this.get(ref) !== undefined
  }

  *values(): Iterable<T> {
    for (const inOne of this.#objects.values()) yield* inOne.values()
  }

  *keys(): Iterable<ObjectKey> {
    for (const { metadata } of this.values()) yield keyOf(metadata)
  }

  /** @returns what was there before */
  put(object: T): T | undefined {
    const { namespace = '', name } = object.metadata
    const inOne = this.#objects.get(namespace) ?? new Map<string, T>()
    const before = inOne.get(name)
    if (inOne.size === 0) this.#objects.set(namespace, inOne)
    if (!before) this.#size++
    inOne.set(name, object)
    this.#follow(before, object)
    return before
  }

  /** Puts another one in the place of exactly this one, under the same name. What is not there any more is left alone. */
  exchange(before: T, make: () => T): void {
    const { namespace = '', name } = before.metadata
    const inOne = this.#objects.get(namespace)
    if (inOne?.get(name) !== before) return
    const after = make()
    inOne.set(name, after)
    this.#follow(before, after)
  }

  /** @returns what was there */
  remove(key: ObjectKey): T | undefined {
    const { namespace = '', name } = refOf(key)
    const inOne = this.#objects.get(namespace)
    const before = inOne?.get(name)
    if (!inOne || !before) return undefined
    inOne.delete(name)
    if (inOne.size === 0) this.#objects.delete(namespace)
    this.#size--
    this.#follow(before, undefined)
    return before
  }

  #follow(before: T | undefined, after: T | undefined): void {
    for (const index of this.#indexes) {
      try {
        index.replace(before, after)
      } catch (error) {
        this.#onIndexError(error)
      }
    }
  }
}

function rethrow(error: unknown): never {
  throw error
}
