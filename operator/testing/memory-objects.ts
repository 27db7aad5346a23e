/**
 * Objects in memory with what an API server does to them: versions, uids, generations, owners. They are frozen and
 * shared with whoever reads them, instead of copied for each: thousands of lives of a cluster are led here.
 */
import { isSameJson } from '../../src/kubernetes/canonical.ts'
import { freeze, merge, without } from './memory-fields.ts'
import { KubeError, keyOf, type KubeObject, type ObjectRef } from '../runtime/cluster.ts'

export type StoredChange =
  | { type: 'put'; kind: string; object: KubeObject }
  | { type: 'delete'; kind: string; object: KubeObject }

interface Stored {
  object: KubeObject
  /** What the operator applied last: fields that are not in the next apply go. */
  applied: KubeObject | undefined
}

/** Where an API server begins with addresses of services. */
const FIRST_ADDRESS = 10

export class MemoryObjects {
  readonly #kinds = new Map<string, Map<string, Stored>>()
  readonly #listeners: ((change: StoredChange) => void)[] = []
  #version = 0
  #uid = 0
  #address = FIRST_ADDRESS
  /** Writes that changed something, in order: `apply Service ns/name`. */
  readonly writes: string[] = []

  listen(listener: (change: StoredChange) => void): void {
    this.#listeners.push(listener)
  }

  get(kind: string, ref: ObjectRef): KubeObject | undefined {
    return this.#of(kind).get(keyOf(ref))?.object
  }

  all(kind: string): KubeObject[] {
    return [...this.#of(kind).values()].map(({ object }) => object)
  }

  everything(): KubeObject[] {
    return [...this.#kinds.keys()].flatMap((kind) => this.all(kind))
  }

  /** As somebody with kubectl does: the object becomes exactly this. */
  replace(object: KubeObject): KubeObject {
    const stored = this.#of(object.kind).get(keyOf(object.metadata))
    return this.#store(object, stored?.applied)
  }

  /** Server-side apply of our fields. */
  merge(wanted: KubeObject): KubeObject {
    const stored = this.#of(wanted.kind).get(keyOf(wanted.metadata))
    const kept = stored ? without(stored.object, stored.applied, wanted) : {}
    const merged = merge(kept, wanted) as KubeObject
    if (stored && isSameJson(merged, stored.object)) return stored.object
    this.writes.push(`apply ${wanted.kind} ${keyOf(wanted.metadata)}`)
    return this.#store(merged, wanted)
  }

  /** @throws {KubeError} 409 as an API server for a failed precondition */
  remove(live: KubeObject): boolean {
    const stored = this.#of(live.kind).get(keyOf(live.metadata))
    if (!stored) return false
    assertSame(stored.object, live)
    this.writes.push(`delete ${live.kind} ${keyOf(live.metadata)}`)
    this.drop(stored.object)
    return true
  }

  /** Gone, and everything that it alone owned after it. */
  drop(object: KubeObject): void {
    this.#of(object.kind).delete(keyOf(object.metadata))
    this.#tell({ type: 'delete', kind: object.kind, object })
    const { uid } = object.metadata
    const orphans = this.everything().filter(({ metadata }) =>
      metadata.ownerReferences?.some((owner) => owner.uid === uid),
    )
    for (const orphan of orphans) this.drop(orphan)
  }

  #of(kind: string): Map<string, Stored> {
    const known = this.#kinds.get(kind)
    if (known) return known
    const fresh = new Map<string, Stored>()
    this.#kinds.set(kind, fresh)
    return fresh
  }

  #store(object: KubeObject, applied: KubeObject | undefined): KubeObject {
    const before = this.get(object.kind, object.metadata)
    const next: KubeObject & { spec?: Record<string, unknown> } = {
      ...object,
      metadata: { ...object.metadata },
    }
    this.#identify(next, before)
    if (next.kind === 'Service' && next.spec && addressOf(next) === undefined)
      next.spec = { ...next.spec, clusterIP: addressOf(before) ?? `10.96.0.${++this.#address}` }
    freeze(next)
    this.#of(next.kind).set(keyOf(next.metadata), { object: next, applied })
    this.#tell({ type: 'put', kind: next.kind, object: next })
    return next
  }

  /** The metadata that an API server gives. */
  #identify({ metadata, spec }: KubeObject & { spec?: unknown }, before: KubeObject | undefined): void {
    const { uid, generation = 0 } = before?.metadata ?? {}
    const isChanged = !before || !isSameJson((before as { spec?: unknown }).spec, spec)
    metadata.uid = uid ?? metadata.uid ?? `uid-${++this.#uid}`
    metadata.generation = generation + (isChanged ? 1 : 0)
    metadata.creationTimestamp ??= '2030-01-01T00:00:00Z'
    metadata.resourceVersion = String(++this.#version)
  }

  #tell(change: StoredChange): void {
    for (const listener of this.#listeners) listener(change)
  }
}

const addressOf = (service: KubeObject | undefined): unknown =>
  (service as { spec?: { clusterIP?: unknown } } | undefined)?.spec?.clusterIP

/** @throws {KubeError} 409 when what is stored is not what was seen */
export function assertSame(stored: KubeObject | undefined, seen: KubeObject): void {
  const isSame =
    stored !== undefined &&
    stored.metadata.uid === seen.metadata.uid &&
    stored.metadata.resourceVersion === seen.metadata.resourceVersion
  if (!isSame)
    throw new KubeError({ status: 409, reason: 'Conflict', message: `${keyOf(seen.metadata)} changed` })
}
