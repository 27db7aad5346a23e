import { deleteExactly, getObject, serverSideApply, type ApplyRequest } from '../../src/kubernetes/apply.ts'
import { isAgreed } from '../../src/kubernetes/agreed.ts'
import { fingerprint, isSameJson } from '../../src/kubernetes/canonical.ts'
import { claimCreated, createObject } from '../../src/kubernetes/create.ts'
import { holdsAll } from '../../src/kubernetes/holds-all.ts'
import { resourceOf, RESOURCES, type KnownKind } from '../../src/kubernetes/resources.ts'
import { fieldSelector, labelSelector } from '../../src/kubernetes/selector.ts'
import type { Transport } from '../../src/kubernetes/transport-types.ts'
import type { Caches } from './caches.ts'
import {
  NotLeaderError,
  type Applied,
  type ApplyOptions,
  type Cache,
  type CacheSelection,
  type Cluster,
  type EventWords,
  type KubeObject,
  type ObjectRef,
} from './cluster.ts'
import type { EventRecorder } from './events.ts'
import type { RuntimeMetrics } from './metrics.ts'

export interface LiveClusterOptions {
  transport: Transport
  /** Who this operator is to the API server. */
  fieldManager: string
  /**
   * An annotation that names the fields that were applied, by their hash. With it, "the live object holds all we want"
   * also means "and none that we wanted once": such a field would show in no comparison.
   */
  hashAnnotation: string
  caches: Caches
  events: EventRecorder
  metrics: RuntimeMetrics
  /** Asked right before each write. */
  mayWrite: () => boolean
}

type Write = Omit<ApplyRequest<KubeObject>, 'fieldManager' | 'resource'> & { live: KubeObject | undefined }

export class LiveCluster implements Cluster {
  readonly #options: LiveClusterOptions
  /** Asked once more at the very moment when a write goes out: a process may sleep while it waits for a connection. */
  readonly #writing: Pick<Transport, 'request'>

  constructor(options: LiveClusterOptions) {
    this.#options = options
    const beforehand = (): void => this.#fence()
    this.#writing = { request: async (request) => options.transport.request({ ...request, beforehand }) }
  }

  cache<T extends KubeObject>({ kind, labels, fields, ...selection }: CacheSelection<T>): Cache<T> {
    return this.#options.caches.add({
      ...selection,
      resource: RESOURCES[kind],
      ...(labels ? { labels: labelSelector(labels) } : {}),
      ...(fields ? { fields: fieldSelector(fields) } : {}),
    })
  }

  async get<T extends KubeObject>(
    kind: KnownKind,
    ref: ObjectRef,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    return getObject<T>(this.#options.transport, RESOURCES[kind], { ...ref, ...(signal ? { signal } : {}) })
  }

  async apply<T extends KubeObject>(wanted: T, options: ApplyOptions<T>): Promise<Applied> {
    const { live, force, beforehand, signal } = options
    if (this.holds(live, wanted)) return 'unchanged'
    const object = this.#marked(wanted, fingerprint(wanted))
    await beforehand?.()
    const aborted = signal ? { signal } : {}
    if (!live) {
      await this.#create({ object, ...aborted })
      return 'created'
    }
    const onlyIf = await this.#claimed(live, signal)
    const isForced = force === undefined ? {} : { force }
    const isIdle = await this.#write({ object, live, onlyIf, ...isForced, ...aborted })
    this.#options.metrics.wrote('apply', wanted.kind, isIdle)
    return 'updated'
  }

  holds(live: KubeObject | undefined, wanted: KubeObject): boolean {
    if (!live) return false
    const hash = fingerprint(wanted)
    if (isAgreed(live, hash)) return true
    const isMarked = live.metadata.annotations?.[this.#options.hashAnnotation] === hash
    const isHeld = isMarked && holdsAll(live, wanted)
    if (isHeld) this.#options.caches.agree(resourceOf(wanted), { live, wanted, hash })
    return isHeld
  }

  async #create(request: Pick<Write, 'object' | 'signal'>): Promise<void> {
    const { fieldManager, caches, metrics } = this.#options
    const resource = resourceOf(request.object)
    this.#fence()
    caches.accept(resource, await createObject(this.#writing, { ...request, resource, fieldManager }))
    metrics.wrote('create', request.object.kind)
  }

  /** @returns what the decision was made on: a write on anything else is a conflict */
  async #claimed(live: KubeObject, signal?: AbortSignal): Promise<Write['onlyIf']> {
    const { fieldManager } = this.#options
    const { uid } = live.metadata
    const aborted = signal ? { signal } : {}
    const resourceVersion = await claimCreated(this.#writing, { live, fieldManager, ...aborted })
    return {
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    }
  }

  async applyStatus<T extends KubeObject>(wanted: T, { live, signal }: ApplyOptions<T>): Promise<Applied> {
    if (live && isSameJson(statusOf(live), statusOf(wanted))) return 'unchanged'
    const { apiVersion, kind, metadata } = wanted
    const { name, namespace } = metadata
    const named = { name, ...(namespace === undefined ? {} : { namespace }) }
    const object = { apiVersion, kind, metadata: named, status: statusOf(wanted) }
    const isIdle = await this.#write({
      object,
      live,
      subresource: 'status',
      // It is nobody else's: a field that somebody took would be refused for ever.
      force: true,
      // Not a namesake's. Its version does not matter: a status says what is, not what was asked.
      ...(live?.metadata.uid === undefined ? {} : { onlyIf: { uid: live.metadata.uid } }),
      ...(signal ? { signal } : {}),
    })
    this.#options.metrics.wrote('apply-status', kind, isIdle)
    return 'updated'
  }

  /** @returns whether it changed nothing: the comparison before it should have known */
  async #write({ live, ...request }: Write): Promise<boolean> {
    const { fieldManager, caches } = this.#options
    const resource = resourceOf(request.object)
    this.#fence()
    const stored = await serverSideApply<KubeObject>(this.#writing, { ...request, resource, fieldManager })
    // The next look at the cache sees it, however far behind the watch is: nothing is written twice.
    caches.accept(resource, stored)
    return stored.metadata.resourceVersion === live?.metadata.resourceVersion
  }

  async delete(live: KubeObject, signal?: AbortSignal): Promise<boolean> {
    this.#fence()
    const { metrics } = this.#options
    const wasThere = await deleteExactly(this.#writing, { live, ...(signal ? { signal } : {}) })
    metrics.wrote('delete', live.kind)
    return wasThere
  }

  event(about: KubeObject, words: EventWords): void {
    if (this.#options.mayWrite()) this.#options.events.record(about, words, () => this.#fence())
  }

  #fence(): void {
    if (!this.#options.mayWrite()) throw new NotLeaderError()
  }

  /** What agreed with something else does not bear the mark any more: it is written, not compared. */
  #marked<T extends KubeObject>(wanted: T, hash: string): T {
    const { metadata } = wanted
    const annotations = { ...metadata.annotations, [this.#options.hashAnnotation]: hash }
    return { ...wanted, metadata: { ...metadata, annotations } }
  }
}

function statusOf(object: KubeObject): unknown {
  return (object as { status?: unknown }).status
}
