/**
 * A cluster in memory, for properties: caches that lag, preconditions, server-side apply by fields, garbage
 * collection, and calls that fail when a test says so. What it does not model (validation, defaults, list keys) is held
 * against a real API server in the `.kube` tests.
 */
import { isAgreed } from '../../src/kubernetes/agreed.ts'
import { holdsAll } from '../../src/kubernetes/holds-all.ts'
import {
  keyOf,
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
import { isSameJson } from '../../src/kubernetes/canonical.ts'
import { MemoryHistory } from './memory-history.ts'
import { assertSame, MemoryObjects } from './memory-objects.ts'
import { MemoryWishes } from './memory-wishes.ts'

/** The text itself, where the live cluster has a hash of it: here it is known mostly, and nothing has to be hashed. */
const APPLIED = 'scheduler.opsnorth.io/applied'

/** What goes wrong with one call: before it reaches the API server, or after it took effect. */
export interface Cut {
  /** 0 is the next call. */
  at: number
  when: 'before' | 'after'
  /** By default all calls count. */
  counts?: 'writes'
  /**
   * A status of HTTP: the API server's answer. `crash`: the process ends there, and whatever else it has under way.
   * By default the connection is cut.
   */
  how?: number | 'crash'
}

const alreadyExists = ({ metadata }: KubeObject): KubeError =>
  new KubeError({ status: 409, reason: 'AlreadyExists', message: `${keyOf(metadata)} exists` })

const marked = <T extends KubeObject>(wanted: T, text: string): T => ({
  ...wanted,
  metadata: { ...wanted.metadata, annotations: { ...wanted.metadata.annotations, [APPLIED]: text } },
})

/** The process that made the call has ended. */
export class CrashedError extends Error {
  override readonly name = 'CrashedError'
}

export class MemoryCluster implements Cluster {
  readonly objects = new MemoryObjects()
  readonly caches: MemoryCache<KubeObject>[] = []
  readonly events: { about: string; words: EventWords }[] = []
  /** Calls since the start. */
  calls = 0
  cut: Cut | undefined
  readonly history = new MemoryHistory()
  readonly #wishes = new MemoryWishes()
  #isDown = false

  constructor() {
    this.objects.listen((change) => {
      const told = this.history.tell(change)
      for (const cache of this.caches) for (const each of told) cache.note(each)
    })
  }

  cache<T extends KubeObject>(selection: CacheSelection<T>): Cache<T> {
    const cache = new MemoryCache(selection)
    this.caches.push(cache as unknown as MemoryCache<KubeObject>)
    for (const object of this.history.isBehind ? [] : this.objects.all(selection.kind))
      cache.note({ type: 'put', kind: selection.kind, object })
    for (const change of this.history.seen) cache.note(change)
    return cache
  }

  /** The process that watched is gone; the next one may call again. */
  forgetCaches(): void {
    this.caches.length = 0
    this.#isDown = false
  }

  /** All watches begin anew, with a list of what is there: whatever they missed, they know then. */
  relist(): void {
    for (const change of this.history.catchUp()) for (const cache of this.caches) cache.note(change)
    for (const cache of this.caches) cache.relist(this.objects.all(cache.resource.kind))
  }

  async get<T extends KubeObject>(kind: KnownKind, ref: ObjectRef): Promise<T | undefined> {
    return this.#call(() => this.objects.get(kind, ref) as T | undefined)
  }

  async apply<T extends KubeObject>(given: T, { live, beforehand }: ApplyOptions<T>): Promise<Applied> {
    if (this.holds(live, given)) return 'unchanged'
    const { wanted, text } = this.#wishes.of(given)
    await beforehand?.()
    return this.#call(() => {
      const stored = this.objects.get(wanted.kind, wanted.metadata)
      if (live) assertSame(stored, live)
      else if (stored) throw alreadyExists(wanted)
      this.#accept(this.objects.merge(marked(wanted, text)))
      return live ? 'updated' : 'created'
    }, true)
  }

  holds(live: KubeObject | undefined, given: KubeObject): boolean {
    if (!live) return false
    const { wanted, text } = this.#wishes.of(given)
    if (isAgreed(live, text)) return true
    const isHeld = live.metadata.annotations?.[APPLIED] === text && holdsAll(live, wanted)
    if (isHeld) for (const cache of this.#cachesOf(wanted)) cache.agree({ live, wanted, hash: text })
    return isHeld
  }

  async applyStatus<T extends KubeObject>(wanted: T, { live }: ApplyOptions<T>): Promise<Applied> {
    const { status } = wanted as { status?: unknown }
    if (live && isSameJson((live as { status?: unknown }).status, status)) return 'unchanged'
    return this.#call(() => {
      const stored = this.objects.get(wanted.kind, wanted.metadata)
      if (!stored)
        throw new KubeError({ status: 404, reason: 'NotFound', message: 'there is no such object' })
      this.objects.writes.push(`status ${wanted.kind} ${wanted.metadata.name}`)
      this.#accept(this.objects.replace({ ...stored, status } as KubeObject))
      return 'updated'
    }, true)
  }

  async delete(live: KubeObject): Promise<boolean> {
    return this.#call(() => this.objects.remove(live), true)
  }

  event(about: KubeObject, words: EventWords): void {
    if (this.#isDown) return
    this.events.push({ about: about.metadata.name, words })
  }

  /** All caches catch up. */
  deliver(isSilent = false): void {
    for (const cache of this.caches) cache.deliver(isSilent)
  }

  #accept(object: KubeObject): void {
    for (const cache of this.#cachesOf(object)) cache.accept(object)
  }

  #cachesOf({ kind }: KubeObject): MemoryCache<KubeObject>[] {
    return this.caches.filter(({ resource }) => resource.kind === kind)
  }

  async #call<T>(effect: () => T, isWrite = false): Promise<T> {
    // They arrive in the order in which they were made.
    await Promise.resolve()
    if (this.#isDown) throw new CrashedError()
    this.calls++
    const cut = this.#cutNow(isWrite)
    if (cut?.when === 'before') throw this.#harm(cut)
    const answer = effect()
    if (cut) throw this.#harm(cut)
    return answer
  }

  #cutNow(isWrite: boolean): Cut | undefined {
    const { cut } = this
    if (!cut || (cut.counts === 'writes' && !isWrite)) return undefined
    this.cut = cut.at === 0 ? undefined : { ...cut, at: cut.at - 1 }
    return cut.at === 0 ? cut : undefined
  }

  #harm({ how = 0 }: Cut): Error {
    if (how === 'crash') {
      this.#isDown = true
      return new CrashedError()
    }
    const reason = how === 0 ? 'ConnectionFailed' : 'Refused'
    return new KubeError({ status: how, reason, message: 'the call was disturbed' })
  }
}
