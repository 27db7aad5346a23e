/**
 * Events for people (`kubectl describe`, the page): one object for the same words about the same thing, which counts;
 * a flood about one object is cut. Nothing waits for an event, and one that cannot be written is dropped.
 */
import { fingerprint } from '../../src/kubernetes/canonical.ts'
import type { Clock } from '../../src/kubernetes/clock.ts'
import type { KubeObject } from '../../src/kubernetes/object.ts'
import { resourcePath } from '../../src/kubernetes/path.ts'
import { RESOURCES } from '../../src/kubernetes/resources.ts'
import type { Transport } from '../../src/kubernetes/transport-types.ts'
import type { EventWords } from './cluster.ts'
import { TokenBucket } from './token-bucket.ts'

export interface EventOptions {
  transport: Transport
  clock: Clock
  /** Who says so: `scheduler.opsnorth.io/operator`. */
  controller: string
  /** Which replica. */
  instance: string
  onError?: (error: unknown) => void
}

interface Series {
  name: string
  namespace: string
  count: number
  at: number
  /** Calls of one series go out one after the other. */
  sent: Promise<void>
}

interface Told {
  about: KubeObject
  words: EventWords
  beforehand?: () => void
}

/** After so long the same words are news again. The API server forgets events after an hour. */
const SERIES_MS = 10 * 60_000
/** client-go's: a burst of 25 about one object, then one in five minutes. */
const PER_OBJECT = { burst: 25, perSecond: 1 / 300 }
/** The API server counts bytes. */
const MAX_NOTE_BYTES = 1024
/** More kinds of words than this within ten minutes are not worth remembering. */
const MAX_REMEMBERED = 4096

export class EventRecorder {
  readonly #options: EventOptions
  readonly #series = new Map<string, Series>()
  readonly #budgets = new Map<string, TokenBucket>()
  readonly #pending = new Set<Promise<void>>()

  constructor(options: EventOptions) {
    this.#options = options
  }

  /** @param beforehand asked at the very moment when it goes out; throws to keep it from that */
  record(about: KubeObject, words: EventWords, beforehand?: () => void): void {
    const now = this.#options.clock.monotonicMs()
    const id = `${about.metadata.uid ?? ''} ${fingerprint([about.kind, about.metadata.name, words])}`
    const known = this.#series.get(id)
    const isRepeated = known !== undefined && now - known.at < SERIES_MS
    if (!isRepeated && !this.#mayBegin(about)) return
    const series = isRepeated ? known : this.#begin(id, about)
    series.count++
    series.at = now
    const asOfNow = { ...series }
    // A doubling of the count is news, every single repetition is not.
    if (asOfNow.count > 2 && !Number.isInteger(Math.log2(asOfNow.count))) return
    const fence = beforehand ? { beforehand } : {}
    series.sent = series.sent.then(async () => this.#send({ about, words, ...fence }, asOfNow))
    this.#keep(series.sent)
  }

  /** What is under way has been sent, or given up. */
  async flush(): Promise<void> {
    await Promise.all(this.#pending)
  }

  #mayBegin(about: KubeObject): boolean {
    const { clock } = this.#options
    const uid = about.metadata.uid ?? about.metadata.name
    const budget = this.#budgets.get(uid) ?? new TokenBucket({ ...PER_OBJECT, clock })
    if (this.#budgets.size > MAX_REMEMBERED) this.#budgets.clear()
    this.#budgets.set(uid, budget)
    return budget.tryTake()
  }

  #begin(id: string, about: KubeObject): Series {
    const { clock } = this.#options
    if (this.#series.size > MAX_REMEMBERED) this.#series.clear()
    const series: Series = {
      name: `${about.metadata.name.slice(0, 200)}.${fingerprint([id, clock.now().getTime()])}`,
      namespace: about.metadata.namespace ?? 'default',
      count: 0,
      at: 0,
      sent: Promise.resolve(),
    }
    this.#series.set(id, series)
    return series
  }

  #keep(sent: Promise<void>): void {
    this.#pending.add(sent)
    void sent.finally(() => this.#pending.delete(sent))
  }

  async #send({ about, words, ...fence }: Told, { name, namespace, count }: Series): Promise<void> {
    const { transport, onError } = this.#options
    try {
      const collection = { ...RESOURCES.Event, namespace }
      if (count === 1) {
        const body = this.#eventOf(about, words, { name, namespace })
        await transport.request({ method: 'POST', path: resourcePath(collection), body, ...fence })
      } else {
        await transport.request({
          method: 'PATCH',
          path: resourcePath({ ...collection, name }),
          contentType: 'application/merge-patch+json',
          body: { series: { count, lastObservedTime: this.#microTime() } },
          ...fence,
        })
      }
    } catch (error) {
      onError?.(error)
    }
  }

  /** https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ */
  #eventOf(about: KubeObject, words: EventWords, metadata: { name: string; namespace: string }): object {
    const { controller, instance } = this.#options
    const { name, namespace, uid, resourceVersion } = about.metadata
    return {
      apiVersion: RESOURCES.Event.apiVersion,
      kind: 'Event',
      metadata,
      eventTime: this.#microTime(),
      reportingController: controller,
      reportingInstance: instance,
      action: 'Reconcile',
      type: words.type,
      reason: words.reason,
      note: cutAt(MAX_NOTE_BYTES, words.message),
      regarding: { apiVersion: about.apiVersion, kind: about.kind, name, namespace, uid, resourceVersion },
    }
  }

  #microTime(): string {
    return this.#options.clock.now().toISOString().replace('Z', '000Z')
  }
}

/** As many whole characters of a text as fit. */
function cutAt(bytes: number, text: string): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes))
  return text.slice(0, read)
}
