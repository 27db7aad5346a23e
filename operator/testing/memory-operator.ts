/** The room's controllers on a cluster in memory, one reconcile at a time, as fast as the test wants. */
import type { RenderSettings } from '../../src/contract/render-settings.ts'
import { keyOf, refOf, type ObjectRef } from '../runtime/cluster.ts'
import type { ControllerOptions, ReconcileContext } from '../runtime/controller-types.ts'
import type { Result } from '../runtime/result.ts'
import { declareCaches, type Caches } from '../user-deployment/caches.ts'
import { namespaceController, userDeploymentController } from '../user-deployment/controller.ts'
import type { RouteProbe } from '../user-deployment/route-probe.ts'
import { CrashedError, MemoryCluster } from './memory-cluster.ts'
import { step } from './memory-world.ts'

/** More turns than anything that converges takes. */
const MANY = 400

/** Nothing here is given up. One for all: to make one takes as long as to look at a deployment's pods. */
const NEVER = new AbortController().signal

export class MemoryOperator {
  readonly cluster: MemoryCluster
  readonly #settings: RenderSettings
  readonly #controllers: ControllerOptions[]
  readonly #queues = new Map<string, Set<string>>()
  readonly #caches: Caches
  /** Milliseconds since the epoch; every turn takes a second. */
  nowMs = Date.parse('2030-01-01T00:00:00Z')
  /** The last answer for each key. */
  readonly results = new Map<string, Result>()
  #lastError: unknown

  constructor(settings: RenderSettings, cluster = new MemoryCluster(), probe?: RouteProbe) {
    this.cluster = cluster
    this.#settings = settings
    this.#caches = declareCaches(cluster)
    this.#controllers = [
      namespaceController(this.#caches),
      userDeploymentController(this.#caches, { settings, reach: { awaitsIngressStatus: true, probe } }),
    ]
    for (const controller of this.#controllers) this.#listen(controller)
  }

  /** Another process on the same cluster, with nothing in its memory. */
  restarted(): MemoryOperator {
    this.cluster.forgetCaches()
    return new MemoryOperator(this.#settings, this.cluster)
  }

  /** Everything is looked at again, as after a restart or a resync. */
  resync(): void {
    for (const { name, primary } of this.#controllers) {
      for (const key of primary.keys()) this.#queue(name).add(key)
    }
  }

  get isIdle(): boolean {
    return [...this.#queues.values()].every(({ size }) => size === 0)
  }

  /** One reconcile of the first key; what fails is tried again. @returns the error, if there was one */
  async turn(): Promise<unknown> {
    for (const { name, reconcile } of this.#controllers) {
      const queue = this.#queue(name)
      const [key] = queue
      if (key === undefined) continue
      queue.delete(key)
      this.nowMs += 1_000
      try {
        this.results.set(`${name} ${key}`, await reconcile(refOf(key), this.#context()))
        return undefined
      } catch (error) {
        if (error instanceof CrashedError) throw error
        queue.add(key)
        this.#lastError = error
        return error
      }
    }
    return undefined
  }

  /**
   * Lets everybody work until nothing moves any more.
   *
   * @throws when it goes on for ever, with what was written last
   */
  async settle(turns = MANY): Promise<void> {
    for (let turn = 0; turn < turns; turn++) {
      this.cluster.deliver()
      while (!this.isIdle) {
        if (++turn > turns) break
        await this.turn()
        this.cluster.deliver()
      }
      if (!step(this.cluster) && this.isIdle) return
    }
    const cause = this.#lastError
    throw new Error(`It does not settle: ${this.cluster.objects.writes.slice(-12).join(', ')}`, { cause })
  }

  #context(): ReconcileContext {
    const at = new Date(this.nowMs)
    return { cluster: this.cluster, signal: NEVER, now: () => at }
  }

  #queue(name: string): Set<string> {
    const known = this.#queues.get(name)
    if (known) return known
    const fresh = new Set<string>()
    this.#queues.set(name, fresh)
    return fresh
  }

  #listen({ name, watches }: ControllerOptions): void {
    const add = (refs: readonly ObjectRef[]): void => {
      for (const ref of refs) this.#queue(name).add(keyOf(ref))
    }
    for (const { cache, toKeys } of watches) {
      cache.onChange((change) => {
        add(toKeys(change.object))
        if (change.previous) add(toKeys(change.previous))
      })
    }
  }
}
