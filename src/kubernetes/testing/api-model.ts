/** One kind on an API server, in memory: versions, a history that can be compacted, lists, watches with bookmarks. */
import type { Clock } from '../clock.ts'
import { keyOf, type KubeObject } from '../object.ts'
import { matchesLabels, type Selector } from '../selector.ts'

export interface Logged {
  version: number
  before: KubeObject | undefined
  /** Of a deletion: the last state, with the version of the deletion. */
  object: KubeObject
  isDeletion: boolean
}

export interface Line {
  type: string
  object: unknown
}

const BOOKMARK_MS = 60_000

export class ApiModel {
  readonly objects = new Map<string, KubeObject>()
  readonly #clock: Clock
  #version = 100
  #uid = 0
  readonly #log: Logged[] = []
  #compactedTo = 0
  readonly #listeners = new Set<() => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get version(): number {
    return this.#version
  }

  put(name: string, labels: Record<string, string> = {}): KubeObject {
    const key = keyOf({ namespace: 'ns', name })
    const before = this.objects.get(key)
    const version = ++this.#version
    const object: KubeObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name,
        namespace: 'ns',
        uid: before?.metadata.uid ?? `uid-${++this.#uid}`,
        resourceVersion: String(version),
        labels,
        managedFields: [{ manager: 'x' }],
      },
    }
    this.objects.set(key, object)
    this.#append({ version, before, object, isDeletion: false })
    return object
  }

  remove(name: string): void {
    const key = keyOf({ namespace: 'ns', name })
    const before = this.objects.get(key)
    if (!before) return
    const version = ++this.#version
    const object = { ...before, metadata: { ...before.metadata, resourceVersion: String(version) } }
    this.objects.delete(key)
    this.#append({ version, before, object, isDeletion: true })
  }

  /** Forgets the history: whoever comes from before it has to list. Watches that are open miss nothing. */
  compact(): void {
    this.#compactedTo = this.#version
  }

  isCompacted(version: number): boolean {
    return version < this.#compactedTo
  }

  selected(selector: Selector | undefined): KubeObject[] {
    return [...this.objects.values()].filter((object) => isSelected(object, selector))
  }

  /** What a watch tells: all there is (for a streaming list), then what happens, until the signal. */
  async *watch(
    from: number | 'everything',
    selector: Selector | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<Line> {
    let seen = from === 'everything' ? this.#version : from
    if (from === 'everything') {
      for (const object of this.selected(selector)) yield { type: 'ADDED', object }
      yield this.#bookmark(seen, { 'k8s.io/initial-events-end': 'true' })
    }
    for (let bookmarkAt = this.#clock.monotonicMs() + BOOKMARK_MS; ;) {
      for (const logged of this.#log.filter(({ version }) => version > seen)) {
        seen = logged.version
        const line = eventFor(logged, selector)
        if (line) yield line
      }
      // What happened while the reader was at the last line comes first: a bookmark says that all before it was told.
      if (this.#version > seen || (await this.#change(bookmarkAt, signal))) continue
      yield this.#bookmark(seen)
      bookmarkAt += BOOKMARK_MS
    }
  }

  #append(logged: Logged): void {
    this.#log.push(logged)
    for (const listener of [...this.#listeners]) listener()
  }

  #bookmark(version: number, annotations = {}): Line {
    return { type: 'BOOKMARK', object: { metadata: { resourceVersion: String(version), annotations } } }
  }

  /** @returns whether something changed; not so when it is time for a bookmark */
  async #change(until: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        cancel()
        this.#listeners.delete(onChange)
        signal.removeEventListener('abort', onAbort)
      }
      const onChange = (): void => {
        end()
        resolve(true)
      }
      const onAbort = (): void => {
        end()
        reject(signal.reason as Error)
      }
      const cancel = this.#clock.after(until - this.#clock.monotonicMs(), () => {
        end()
        resolve(false)
      })
      this.#listeners.add(onChange)
      signal.addEventListener('abort', onAbort, { once: true })
      if (signal.aborted) onAbort()
    })
  }
}

function isSelected(object: KubeObject | undefined, selector: Selector | undefined): object is KubeObject {
  if (!object) return false
  return selector === undefined || matchesLabels(selector, object.metadata.labels)
}

/** An object that no longer fits the selector is told as deleted. */
function eventFor({ before, object, isDeletion }: Logged, selector: Selector | undefined): Line | undefined {
  const was = isSelected(before, selector)
  const is = !isDeletion && isSelected(object, selector)
  if (was) return { type: is ? 'MODIFIED' : 'DELETED', object }
  return is ? { type: 'ADDED', object } : undefined
}
