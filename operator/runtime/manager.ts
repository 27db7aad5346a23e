/**
 * Puts the parts of an operator together and keeps their order: watches first, on every replica, so that a standby is
 * warm; work only while leading; and at the end the reverse, so that the next leader can begin at once.
 */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { systemClock, type Clock, type Random } from '../../src/kubernetes/clock.ts'
import type { Transport } from '../../src/kubernetes/transport-types.ts'
import { Caches } from './caches.ts'
import type { Cluster } from './cluster.ts'
import type { ControllerOptions } from './controller-types.ts'
import { Controller, grace } from './controller.ts'
import { EventRecorder } from './events.ts'
import { serve, verdict, type Address, type RunningServer } from './health.ts'
import { LeaderElector } from './leader.ts'
import { kubeLease } from './lease.ts'
import { LiveCluster } from './live-cluster.ts'
import type { Log } from './log.ts'
import { RuntimeMetrics } from './metrics.ts'

export interface ManagerOptions {
  transport: Transport
  /** The operator's name to the API server, in server-side apply. */
  fieldManager: string
  /** Prefix of annotations, and the reporting controller of events: `scheduler.opsnorth.io`. */
  domain: string
  log: Log
  /** Null: this is the only replica, by arrangement. */
  leaderElection: { namespace: string; name: string } | null
  /** `/healthz` and `/readyz`; null for none. */
  probes: Address | null
  /** `/metrics`; null for none. */
  metrics: Address | null
  /** Of this process; by default the host's name and a random part. */
  identity?: string
  /** How long work that is under way may take after the signal to stop. Default 20 s. */
  graceMs?: number
  clock?: Clock
  random?: Random
}

const GRACE_MS = 20_000
/** Every call has a time-out, and a reconcile a deadline: work that takes longer hangs, and a restart frees it. */
const HANGING_SECONDS = 15 * 60

export class Manager {
  readonly cluster: Cluster
  readonly metrics = new RuntimeMetrics()
  readonly identity: string
  /** Where the probes are served, once {@link run} has begun: with port 0 the machine chooses. */
  probesPort: number | undefined
  readonly #options: ManagerOptions
  readonly #clock: Clock
  readonly #random: Random
  readonly #caches: Caches
  readonly #events: EventRecorder
  readonly #elector: LeaderElector | undefined
  readonly #controllers = new Map<string, Controller>()

  constructor(options: ManagerOptions) {
    const { transport, log, domain, fieldManager, clock = systemClock, random = Math.random } = options
    this.#options = options
    this.#clock = clock
    this.#random = random
    this.identity = options.identity ?? `${hostname()}_${randomUUID()}`
    this.#elector = this.#electorOf(options)
    this.#caches = new Caches({ transport, clock, random, log })
    this.#events = new EventRecorder({
      transport,
      clock,
      controller: `${domain}/operator`,
      instance: this.identity.slice(0, 128),
      onError: (error) => log.debug({ err: error }, 'An event could not be written.'),
    })
    this.cluster = new LiveCluster({
      transport,
      fieldManager,
      hashAnnotation: `${domain}/applied`,
      caches: this.#caches,
      events: this.#events,
      metrics: this.metrics,
      mayWrite: () => this.isLeader(),
    })
  }

  /** Declares a controller; its caches come from {@link cluster}. Before {@link run}. */
  add(options: ControllerOptions): void {
    const { log } = this.#options
    const parts = {
      cluster: this.cluster,
      clock: this.#clock,
      random: this.#random,
      log,
      metrics: this.metrics,
    }
    this.#controllers.set(options.name, new Controller(options, parts))
  }

  isLeader(): boolean {
    return this.#elector?.isLeader() ?? true
  }

  /**
   * Runs until told to stop; then ends in order.
   *
   * @throws {LeadershipLostError} the process has to end at once
   */
  async run(stop: AbortSignal): Promise<void> {
    const { log } = this.#options
    this.metrics.showQueues(new Map([...this.#controllers].map(([name, { queue }]) => [name, queue])))
    this.metrics.showWatches(() => this.#caches.watches())
    const servers = await this.#serve()
    try {
      this.#caches.start()
      await this.#caches.untilSynced(stop)
      log.info({ identity: this.identity }, 'All watches are filled.')
      if (this.#elector) await this.#elector.lead(stop, async (leading) => this.#work(stop, leading))
      else await this.#work(stop, new AbortController().signal)
    } catch (error) {
      if (!stop.aborted) throw error
      log.info({}, 'Stopped before there was any work.')
    } finally {
      await this.#caches.stop()
      await Promise.all(servers.map(async (server) => server.close()))
    }
  }

  async #work(stop: AbortSignal, leading: AbortSignal): Promise<void> {
    const { log, leaderElection, graceMs = GRACE_MS } = this.#options
    const lease = leaderElection?.name ?? 'none'
    const impatience = new AbortController()
    const onLoss = (): void => impatience.abort(leading.reason)
    leading.addEventListener('abort', onLoss, { once: true })
    this.metrics.leading(lease, true)
    log.info({ identity: this.identity }, 'This replica leads.')
    const controllers = [...this.#controllers.values()]
    const ended = Promise.all(controllers.map(async (each) => each.run(stop, impatience.signal)))
    try {
      await Promise.race([ended, aborted(stop), aborted(leading)])
      if (!(await grace(this.#clock, ended, graceMs))) {
        impatience.abort(new DOMException('The process ends.', 'AbortError'))
        await grace(this.#clock, ended, graceMs)
      }
      // While it leads: whoever has lost the lead says nothing more, and ends without waiting.
      if (!leading.aborted) await grace(this.#clock, this.#events.flush(), graceMs)
    } finally {
      leading.removeEventListener('abort', onLoss)
      this.metrics.leading(lease, false)
    }
  }

  #electorOf({ leaderElection, transport, log }: ManagerOptions): LeaderElector | undefined {
    if (!leaderElection) return undefined
    return new LeaderElector({
      lease: kubeLease(transport, leaderElection, this.#clock),
      identity: this.identity,
      clock: this.#clock,
      random: this.#random,
      onError: (error) => log.warn({ err: error }, 'An attempt at the lease failed.'),
    })
  }

  async #serve(): Promise<RunningServer[]> {
    const { probes, metrics } = this.#options
    const servers: RunningServer[] = []
    if (probes) {
      const server = await serve(probes, {
        '/healthz': () => verdict(this.#hanging()),
        '/readyz': () => verdict(this.#caches.troubles()),
      })
      this.probesPort = server.port
      servers.push(server)
    }
    if (metrics) {
      const { registry } = this.metrics
      const show = async (): Promise<{ isOk: boolean; text: string; contentType: string }> => ({
        isOk: true,
        text: await registry.metrics(),
        contentType: registry.contentType,
      })
      servers.push(await serve(metrics, { '/metrics': show }))
    }
    return servers
  }

  #hanging(): string[] {
    return [...this.#controllers.values()]
      .filter(({ queue }) => queue.longestRunSeconds() > HANGING_SECONDS)
      .map(({ name }) => `${name}: a reconcile has not ended for ${HANGING_SECONDS / 60} minutes`)
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}
