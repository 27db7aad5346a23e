/**
 * Metrics, named as controller-runtime and client-go name them, so that the dashboards and alerts of others fit:
 * https://book.kubebuilder.io/reference/metrics-reference
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { QueueObserver, WorkQueue } from './queue.ts'

/** How a reconcile went. `requeue_after` is any answer that names a time. */
export type ReconcileOutcome = 'success' | 'requeue_after' | 'stalled' | 'conflict' | 'error'

const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

export class RuntimeMetrics {
  readonly registry = new Registry()
  readonly #reconciles = this.#counter(
    'controller_runtime_reconcile_total',
    'Reconciles.',
    'controller',
    'result',
  )
  readonly #errors = this.#counter(
    'controller_runtime_reconcile_errors_total',
    'Reconciles that failed.',
    'controller',
  )
  readonly #seconds = this.#histogram(
    'controller_runtime_reconcile_time_seconds',
    'How long one took.',
    'controller',
  )
  readonly #workers = this.#gauge('controller_runtime_max_concurrent_reconciles', 'Workers.', 'controller')
  readonly #active = this.#gauge('controller_runtime_active_workers', 'Workers that work.', 'controller')
  readonly #adds = this.#counter('workqueue_adds_total', 'Keys that were added.', 'name')
  readonly #retries = this.#counter(
    'workqueue_retries_total',
    'Keys that were added after a failure.',
    'name',
  )
  readonly #waited = this.#histogram('workqueue_queue_duration_seconds', 'Time in line.', 'name')
  readonly #worked = this.#histogram('workqueue_work_duration_seconds', 'Time with a worker.', 'name')
  readonly #leader = this.#gauge('leader_election_master_status', '1 for the replica that leads.', 'name')
  readonly #writes = this.#counter('shipyard_cluster_writes_total', 'Writes to the cluster.', 'verb', 'kind')
  readonly #idle = this.#counter('shipyard_cluster_idle_writes_total', 'Writes that changed nothing.', 'kind')

  constructor({ process = true }: { process?: boolean } = {}) {
    if (process) collectDefaultMetrics({ register: this.registry })
  }

  /** For one controller's queue; the gauges are read when somebody asks. */
  queueObserver(name: string): QueueObserver {
    return {
      added: () => this.#adds.inc({ name }),
      retried: () => this.#retries.inc({ name }),
      started: (seconds) => this.#waited.observe({ name }, seconds),
      finished: (seconds) => this.#worked.observe({ name }, seconds),
    }
  }

  /** To be called once for each process. */
  showQueues(queues: ReadonlyMap<string, WorkQueue>): void {
    const show = (name: string, help: string, read: (queue: WorkQueue) => number): void => {
      const collect = (gauge: Gauge): void => {
        for (const [controller, queue] of queues) gauge.set({ name: controller }, read(queue))
      }
      this.#collected({ name, help, labelNames: ['name'] }, collect)
    }
    show('workqueue_depth', 'Keys in line.', (queue) => queue.depth)
    show('workqueue_oldest_seconds', 'How long the first in line has waited.', (queue) =>
      queue.oldestSeconds(),
    )
    show('workqueue_unfinished_work_seconds', 'Sum over all work under way.', (queue) =>
      queue.unfinishedSeconds(),
    )
    show('workqueue_longest_running_processor_seconds', 'Longest work under way.', (queue) =>
      queue.longestRunSeconds(),
    )
  }

  /** One gauge for each watched kind. */
  showWatches(read: () => Iterable<{ resource: string; objects: number; silentSeconds: number }>): void {
    const labelNames = ['resource']
    const silence = 'Since a watch last heard anything.'
    this.#collected({ name: 'shipyard_watch_silent_seconds', help: silence, labelNames }, (gauge) => {
      for (const { resource, silentSeconds } of read()) gauge.set({ resource }, silentSeconds)
    })
    const size = 'Objects kept of a watched kind.'
    this.#collected({ name: 'shipyard_watch_objects', help: size, labelNames }, (gauge) => {
      for (const { resource, objects } of read()) gauge.set({ resource }, objects)
    })
  }

  reconciled(controller: string, result: ReconcileOutcome, seconds: number): void {
    this.#reconciles.inc({ controller, result })
    this.#seconds.observe({ controller }, seconds)
    if (result === 'error') this.#errors.inc({ controller })
  }

  workers(controller: string, count: number): void {
    this.#workers.set({ controller }, count)
    this.#active.set({ controller }, 0)
  }

  active(controller: string, change: 1 | -1): void {
    this.#active.inc({ controller }, change)
  }

  leading(name: string, isLeading: boolean): void {
    this.#leader.set({ name }, isLeading ? 1 : 0)
  }

  /** @param isIdle the object did not change: the comparison before the write should have known */
  wrote(verb: 'create' | 'apply' | 'apply-status' | 'delete', kind: string, isIdle = false): void {
    this.#writes.inc({ verb, kind })
    if (isIdle) this.#idle.inc({ kind })
  }

  #counter(name: string, help: string, ...labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] })
  }

  #gauge(name: string, help: string, ...labelNames: string[]): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] })
  }

  #histogram(name: string, help: string, ...labelNames: string[]): Histogram {
    return new Histogram({ name, help, labelNames, buckets: SECONDS, registers: [this.registry] })
  }

  #collected(what: { name: string; help: string; labelNames: string[] }, read: (gauge: Gauge) => void): void {
    const gauge: Gauge = new Gauge({
      ...what,
      registers: [],
      collect() {
        gauge.reset()
        read(gauge)
      },
    })
    this.registry.registerMetric(gauge)
  }
}
