/**
 * Keeps a store equal to what the API server has: list, watch, and begin again after whatever happens, for as long
 * as it lives. (The official informer stops for good after most errors, and a handler that throws ends the process.)
 *
 * What is promised: every object and every deletion is seen in the end, also those that happened while nothing was
 * connected; versions in between may be skipped; the store never shows less than it did because of an error.
 */
import type { Agreement } from './agreed.ts'
import { restartDelayMs } from './backoff.ts'
import { Breather } from './breather.ts'
import { pause, systemClock, type Clock, type Random } from './clock.ts'
import { MalformedStreamError } from './line-splitter.ts'
import { isExpired, isNotFound, KubeError } from './kube-error.ts'
import { listPages } from './list-pages.ts'
import { Mirror } from './mirror.ts'
import type { KubeObject } from './object.ts'
import type { Change, Reflector, ReflectorCounts, ReflectorOptions } from './reflector-types.ts'
import type { Resource } from './resources.ts'
import { untilResolved } from './signals.ts'
import type { Store } from './store.ts'
import { endsInitialEvents, watchEvents, type WatchEvent, type WatchRequest } from './watch-stream.ts'

/** Bookmarks come about once a minute; with a shorter limit a quiet kind would reconnect for ever. */
const INACTIVITY_MS = 75_000
/** A server that ends watches at once is in trouble; one that ends them after minutes does as it was asked. */
const SHORT_WATCH_MS = 1_000
const MIN_WATCH_SECONDS = 270
const WATCH_SPREAD_SECONDS = 30

export function createReflector<T extends KubeObject>(options: ReflectorOptions<T>): Reflector<T> {
  return new ListWatch(options)
}

type ListRequest = Omit<WatchRequest, 'resourceVersion'>

class ListWatch<T extends KubeObject> implements Reflector<T> {
  readonly resource: Resource
  readonly counts: ReflectorCounts = { lists: 0, watches: 0, errors: 0, handlerErrors: 0 }
  readonly #options: ReflectorOptions<T>
  readonly #clock: Clock
  readonly #random: Random
  readonly #mirror: Mirror<T>
  readonly #synced = Promise.withResolvers<void>()
  #isSynced = false
  #isServed = true
  #lastError: unknown
  #contactAt: number | undefined
  /** The version to watch from; none means that a list comes first. */
  #version: string | undefined
  /** How the next list is read. In pages where streaming is refused, and once after a streamed one broke. */
  #listing: 'stream' | 'pages' | 'pages for ever' = 'stream'
  #running: { controller: AbortController; ended: Promise<void> } | undefined

  constructor(options: ReflectorOptions<T>) {
    this.resource = options.resource
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#random = options.random ?? Math.random
    this.#mirror = new Mirror(options, {
      now: () => this.#clock.monotonicMs(),
      onHandlerError: (error) => {
        this.counts.handlerErrors++
        this.#report(error)
      },
    })
  }

  get store(): Store<T> {
    return this.#mirror.store
  }

  get isSynced(): boolean {
    return this.#isSynced
  }

  get isServed(): boolean {
    return this.#isServed
  }

  get lastError(): unknown {
    return this.#lastError
  }

  onChange(handler: (change: Change<T>) => void): () => void {
    return this.#mirror.onChange(handler)
  }

  accept(object: T): void {
    this.#mirror.accept(object)
  }

  agree(agreement: Agreement<T>): void {
    this.#mirror.agree(agreement)
  }

  secondsSinceContact(): number {
    if (this.#contactAt === undefined) return Number.POSITIVE_INFINITY
    return (this.#clock.monotonicMs() - this.#contactAt) / 1000
  }

  async untilSynced(signal?: AbortSignal): Promise<void> {
    return untilResolved(this.#synced.promise, signal)
  }

  start(): void {
    if (this.#running) return
    // One controller a generation: what an earlier start began can never outlive its stop.
    const controller = new AbortController()
    this.#running = { controller, ended: this.#live(controller.signal) }
  }

  async stop(): Promise<void> {
    const running = this.#running
    if (!running) return
    this.#running = undefined
    running.controller.abort(new DOMException('The watch was stopped.', 'AbortError'))
    await running.ended
  }

  async #live(signal: AbortSignal): Promise<void> {
    let failures = 0
    this.#version = undefined
    while (!signal.aborted) {
      const begunAt = this.#clock.monotonicMs()
      let error: unknown
      try {
        await this.#once(signal)
      } catch (thrown) {
        error = thrown
      }
      if (signal.aborted) return
      const wasShort = this.#clock.monotonicMs() - begunAt < SHORT_WATCH_MS
      if (error !== undefined) this.#note(error)
      // Minutes of good watching are not undone by how they ended.
      failures = wasShort ? failures + 1 : Number(error !== undefined)
      await this.#rest(failures, error, signal)
    }
  }

  async #rest(failures: number, error: unknown, signal: AbortSignal): Promise<void> {
    if (failures === 0) return
    try {
      await pause(this.#clock, restartDelayMs({ failures, error, random: this.#random }), signal)
    } catch {
      // Stopped while resting: the loop sees it.
    }
  }

  #note(error: unknown): void {
    this.counts.errors++
    this.#lastError = error
    if (this.#version === undefined) this.#noteFailedList(error)
    else if (isExpired(error) || error instanceof MalformedStreamError) this.#version = undefined
    this.#report(error)
  }

  #noteFailedList(error: unknown): void {
    this.#isServed = !isNotFound(error)
    if (!this.#isServed && this.#options.optional) this.#becomeSynced()
    if (this.#listing === 'stream') this.#listing = isRefusal(error) ? 'pages for ever' : 'pages'
    else if (this.#listing === 'pages') this.#listing = 'stream'
  }

  #report(error: unknown): void {
    try {
      this.#options.onError?.(error)
    } catch {
      // Whoever listens to errors must not stop the watch by making one.
    }
  }

  /** One list, if there is need of one, and the watch after it until its end. */
  async #once(signal: AbortSignal): Promise<void> {
    const request = this.#request(signal)
    if (this.#version === undefined) this.#mirror.beginList()
    if (this.#version === undefined && this.#listing !== 'stream') await this.#listInPages(request)
    this.counts.watches++
    const breather = new Breather(this.#clock)
    for await (const event of watchEvents({ ...request, resourceVersion: this.#version })) {
      this.#take(event)
      const rest = breather.pause()
      if (rest) await rest
    }
    if (this.#version === undefined) throw cutOff(this.resource)
  }

  async #listInPages(request: ListRequest): Promise<void> {
    const pages = listPages(request, () => this.#mirror.beginList())
    const breather = new Breather(this.#clock)
    for (;;) {
      const next = await pages.next()
      if (next.done) return this.#completeList(next.value)
      this.#mirror.put(next.value as T)
      const rest = breather.pause()
      if (rest) await rest
    }
  }

  #take(event: WatchEvent): void {
    const { type, object } = event
    if (type === 'DELETED') this.#mirror.remove(object as T)
    else if (type !== 'BOOKMARK') this.#mirror.put(object as T)
    const version = object.metadata.resourceVersion
    if (endsInitialEvents(event)) this.#completeList(version)
    else if (this.#version !== undefined) this.#version = version
  }

  #completeList(version: string | undefined): void {
    this.#mirror.completeList(version)
    this.#version = version
    this.#isServed = true
    this.#lastError = undefined
    if (this.#listing === 'pages') this.#listing = 'stream'
    this.counts.lists++
    this.#becomeSynced()
  }

  #becomeSynced(): void {
    this.#isSynced = true
    this.#synced.resolve()
  }

  #request(signal: AbortSignal): ListRequest {
    const { transport, inactivityMs = INACTIVITY_MS } = this.#options
    return {
      transport,
      selection: this.#options as WatchRequest['selection'],
      clock: this.#clock,
      inactivityMs,
      signal,
      timeoutSeconds: MIN_WATCH_SECONDS + Math.floor(this.#random() * (WATCH_SPREAD_SECONDS + 1)),
      onContact: () => void (this.#contactAt = this.#clock.monotonicMs()),
    }
  }
}

/** API servers without streaming lists, or with them switched off, call the parameters invalid. */
function isRefusal(error: unknown): boolean {
  return error instanceof KubeError && (error.status === 400 || error.status === 422)
}

function cutOff({ plural }: Resource): KubeError {
  const message = `A streamed list of ${plural} ended before it was whole.`
  return new KubeError({ status: 0, reason: 'Incomplete', message })
}
