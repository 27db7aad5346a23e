import type { Agreement } from '../../src/kubernetes/agreed.ts'
import type { Clock, Random } from '../../src/kubernetes/clock.ts'
import type { KubeObject } from '../../src/kubernetes/object.ts'
import { createReflector } from '../../src/kubernetes/reflector.ts'
import type { Reflector, WatchSelection } from '../../src/kubernetes/reflector-types.ts'
import type { Resource } from '../../src/kubernetes/resources.ts'
import type { Transport } from '../../src/kubernetes/transport-types.ts'
import type { Cache } from './cluster.ts'
import type { Log } from './log.ts'

export interface CachesOptions {
  transport: Transport
  clock: Clock
  random: Random
  log: Log
  inactivityMs?: number
}

/** A watch that has heard nothing for so long shows a world that may be gone. Bookmarks come every minute. */
const FRESH_SECONDS = 120

/** All watches of one process. */
export class Caches {
  readonly #options: CachesOptions
  readonly #reflectors: Reflector[] = []
  readonly #byResource = new WeakMap<Resource, Reflector[]>()
  #isStarted = false

  constructor(options: CachesOptions) {
    this.#options = options
  }

  add<T extends KubeObject>(selection: WatchSelection<T>): Cache<T> {
    if (this.#isStarted) throw new Error('Declare every cache before the manager starts.')
    const { transport, clock, random, log, inactivityMs } = this.#options
    const resource = selection.resource.plural
    const reflector: Reflector<T> = createReflector({
      ...selection,
      transport,
      clock,
      random,
      ...(inactivityMs === undefined ? {} : { inactivityMs }),
      onError: (error) =>
        reflector.isServed
          ? log.warn({ err: error, resource }, 'A watch broke and begins again.')
          : log.warn({ resource }, `${undefinedKind(selection.resource)}; it is looked for again.`),
    })
    this.#reflectors.push(reflector)
    return cacheOf(reflector)
  }

  start(): void {
    this.#isStarted = true
    for (const reflector of this.#reflectors) reflector.start()
  }

  /** Every kind that is served has been listed once. @throws the signal's reason */
  async untilSynced(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#reflectors.map(async (reflector) => reflector.untilSynced(signal)))
  }

  async stop(): Promise<void> {
    await Promise.all(this.#reflectors.map(async (reflector) => reflector.stop()))
  }

  /** Puts what a write was answered with into every cache that it belongs to, ahead of its watch. */
  accept(resource: Resource, object: KubeObject): void {
    // Each keeps what it is given, and cuts it to its own size.
    for (const [at, reflector] of this.#reflectorsOf(resource).entries())
      reflector.accept(at === 0 ? object : structuredClone(object))
  }

  /** See {@link Reflector.agree}: of the cache that has it. */
  agree(resource: Resource, agreement: Agreement<KubeObject>): void {
    for (const reflector of this.#reflectorsOf(resource)) reflector.agree(agreement)
  }

  #reflectorsOf(wanted: Resource): Reflector[] {
    const known = this.#byResource.get(wanted)
    if (known) return known
    const { group, plural } = wanted
    const found = this.#reflectors.filter(
      ({ resource }) => resource.group === group && resource.plural === plural,
    )
    if (this.#isStarted) this.#byResource.set(wanted, found)
    return found
  }

  /** Sentences about watches that cannot be relied on; none when all is well. */
  troubles(): string[] {
    return this.#reflectors.flatMap((reflector) => {
      const { resource, isSynced, isServed, lastError } = reflector
      if (!isServed && isSynced) return []
      if (!isServed) return [undefinedKind(resource)]
      if (!isSynced) return [`${resource.plural} were not listed yet${reasonOf(lastError)}`]
      const seconds = Math.round(reflector.secondsSinceContact())
      return seconds > FRESH_SECONDS
        ? [`${resource.plural} were not heard of for ${seconds} s${reasonOf(lastError)}`]
        : []
    })
  }

  *watches(): Generator<{ resource: string; objects: number; silentSeconds: number }> {
    for (const reflector of this.#reflectors) {
      const { resource, store } = reflector
      yield { resource: resource.plural, objects: store.size, silentSeconds: reflector.secondsSinceContact() }
    }
  }
}

const undefinedKind = ({ group, plural }: Resource): string =>
  `this cluster does not define ${plural}.${group}: apply the manifests that do (ours with kubectl apply -f operator/manifests)`

const reasonOf = (error: unknown): string => (error instanceof Error ? `: ${error.message}` : '')

function cacheOf<T extends KubeObject>(reflector: Reflector<T>): Cache<T> {
  const { store } = reflector
  return {
    resource: reflector.resource,
    get size() {
      return store.size
    },
    get isSynced() {
      return reflector.isSynced
    },
    get isServed() {
      return reflector.isServed
    },
    get: (ref) => store.get(ref),
    has: (ref) => store.has(ref),
    keys: () => store.keys(),
    values: () => store.values(),
    onChange: (handler) => reflector.onChange(handler),
  }
}
