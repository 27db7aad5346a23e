/**
 * A cluster in memory, for properties: caches that lag, preconditions, server-side apply by fields, garbage
 * collection, and calls that fail when a test says so. What it does not model (validation, defaults, list keys) is held
 * against a real API server in the `.kube` tests.
 */
import { canonicalJson, fingerprint } from '../../src/kubernetes/canonical.ts'
import { holdsAll } from '../../src/kubernetes/holds-all.ts'
import {
  KubeError,
  type Applied,
  type ApplyOptions,
  type Cache,
  type CacheSelection,
  type Cluster,
  type EventWords,
  type KnownKind,
  type KubeObject,
  type ObjectRef,
} from '../runtime/cluster.ts'
import { MemoryCache } from './memory-cache.ts'
import { assertSame, MemoryObjects } from './memory-objects.ts'

const HASH = 'scheduler.opsnorth.io/applied'

/** Where a call is cut: before it reaches the API server, or after it took effect and before its answer arrives. */
export interface Cut {
  /** 0 is the next call. */
  at: number
  when: 'before' | 'after'
}

export class MemoryCluster implements Cluster {
  readonly objects = new MemoryObjects()
  readonly caches: MemoryCache<KubeObject>[] = []
  readonly events: { about: string; words: EventWords }[] = []
  /** Calls since the start. */
  calls = 0
  cut: Cut | undefined

  constructor() {
    this.objects.listen((change) => {
      for (const cache of this.caches) cache.note(change)
    })
  }

  cache<T extends KubeObject>(selection: CacheSelection<T>): Cache<T> {
    const cache = new MemoryCache(selection)
    this.caches.push(cache as unknown as MemoryCache<KubeObject>)
    for (const object of this.objects.all(selection.kind))
      cache.note({ type: 'put', kind: selection.kind, object })
    return cache
  }

  /** The process that watched is gone. */
  forgetCaches(): void {
    this.caches.length = 0
  }

  async get<T extends KubeObject>(kind: KnownKind, ref: ObjectRef): Promise<T | undefined> {
    return this.#call(() => structuredClone(this.objects.get(kind, ref)) as T | undefined)
  }

  async apply<T extends KubeObject>(wanted: T, { live }: ApplyOptions<T>): Promise<Applied> {
    const { metadata } = wanted
    const object = {
      ...wanted,
      metadata: { ...metadata, annotations: { ...metadata.annotations, [HASH]: fingerprint(wanted) } },
    }
    if (holdsAll(live, object)) return 'unchanged'
    return this.#call(() => {
      if (live) assertSame(this.objects.get(wanted.kind, metadata), live)
      this.#accept(this.objects.merge(object))
      return live ? 'updated' : 'created'
    })
  }

  async applyStatus<T extends KubeObject>(wanted: T, { live }: ApplyOptions<T>): Promise<Applied> {
    const { status } = wanted as { status?: unknown }
    if (live && canonicalJson((live as { status?: unknown }).status) === canonicalJson(status))
      return 'unchanged'
    return this.#call(() => {
      const stored = this.objects.get(wanted.kind, wanted.metadata)
      if (!stored)
        throw new KubeError({ status: 404, reason: 'NotFound', message: 'there is no such object' })
      this.objects.writes.push(`status ${wanted.kind} ${wanted.metadata.name}`)
      this.#accept(this.objects.replace({ ...stored, status: structuredClone(status) } as KubeObject))
      return 'updated'
    })
  }

  async delete(live: KubeObject): Promise<boolean> {
    return this.#call(() => this.objects.remove(live))
  }

  event(about: KubeObject, words: EventWords): void {
    this.events.push({ about: about.metadata.name, words })
  }

  /** All caches catch up. */
  deliver(isSilent = false): void {
    for (const cache of this.caches) cache.deliver(isSilent)
  }

  #accept(object: KubeObject): void {
    for (const cache of this.caches) if (cache.resource.kind === object.kind) cache.accept(object)
  }

  async #call<T>(effect: () => T): Promise<T> {
    this.calls++
    const { cut } = this
    const isCut = cut?.at === 0
    if (cut) this.cut = isCut ? undefined : { ...cut, at: cut.at - 1 }
    const lost = new KubeError({ status: 0, reason: 'ConnectionFailed', message: 'the connection was cut' })
    if (isCut && cut.when === 'before') throw lost
    await Promise.resolve()
    const answer = effect()
    if (isCut) throw lost
    return answer
  }
}
