/**
 * Watches → keys → reconciles. What a change *was* is forgotten here: a reconcile gets a name and reads the rest, so
 * that lost, doubled and reordered events make no difference.
 */
import { pause, type Clock, type Random } from '../../src/kubernetes/clock.ts'
import { isConflict, isExpired, isTransient } from '../../src/kubernetes/kube-error.ts'
import { keyOf } from '../../src/kubernetes/object.ts'
import { NotLeaderError, type Change, type Cluster, type ObjectRef } from './cluster.ts'
import type { ControllerOptions, ReconcileContext, Watched } from './controller-types.ts'
import { successiveDeadlines, type Deadlines } from './deadline.ts'
import { milliseconds, type Duration } from './duration.ts'
import type { Log } from './log.ts'
import type { ReconcileOutcome, RuntimeMetrics } from './metrics.ts'
import { WorkQueue } from './queue.ts'
import type { Result } from './result.ts'

export interface ControllerParts {
  cluster: Cluster
  clock: Clock
  random: Random
  log: Log
  metrics: RuntimeMetrics
}

const DEFAULTS = {
  workers: 8,
  resyncEvery: '10h',
  timeout: '2m',
  stalledAgain: '10m',
} as const satisfies Record<string, number | Duration>

export class Controller {
  readonly name: string
  readonly queue: WorkQueue
  readonly #options: ControllerOptions & typeof DEFAULTS
  readonly #parts: ControllerParts

  constructor(options: ControllerOptions, parts: ControllerParts) {
    this.name = options.name
    this.#options = { ...DEFAULTS, ...options } as ControllerOptions & typeof DEFAULTS
    this.#parts = parts
    const { clock, random, metrics } = parts
    this.queue = new WorkQueue({ clock, random, observer: metrics.queueObserver(options.name) })
    metrics.workers(options.name, this.#options.workers)
    for (const watch of options.watches) watch.cache.onChange((change) => this.#note(watch, change))
  }

  /**
   * Works until told to stop; keys that are under way are finished first.
   *
   * @param stop take no more keys
   * @param leading aborts what is under way: leadership is lost, or patience with a slow end is
   */
  async run(stop: AbortSignal, leading: AbortSignal): Promise<void> {
    const workers = Array.from({ length: this.#options.workers }, async () => this.#worker(stop, leading))
    await Promise.all(workers)
    this.queue.close()
  }

  /** What the first list brings is looked at again; what comes later has happened. */
  #note({ cache, toKeys }: Watched, { object, previous }: Change): void {
    const priority = cache.isSynced ? 'change' : 'resync'
    // An object that changed hands concerns both. Each once: an idle worker takes the first at once.
    const refs = [...toKeys(object), ...(previous ? toKeys(previous) : [])]
    for (const ref of new Map(refs.map((each) => [keyOf(each), each])).values()) this.queue.add(ref, priority)
  }

  async #worker(stop: AbortSignal, leading: AbortSignal): Promise<void> {
    const deadlines = successiveDeadlines(this.#parts.clock, leading)
    while (!stop.aborted && !leading.aborted) {
      let ref: ObjectRef
      try {
        ref = await this.queue.take(stop)
      } catch {
        break // told to stop while waiting
      }
      try {
        await this.#work(ref, { deadlines, leading })
      } finally {
        this.queue.done(ref)
      }
    }
    deadlines.close()
  }

  async #work(ref: ObjectRef, { deadlines, leading }: Held): Promise<void> {
    const { clock, cluster, log, metrics } = this.#parts
    const startedAt = clock.monotonicMs()
    const signal = deadlines.begin({
      what: `The reconcile of ${keyOf(ref)}`,
      milliseconds: milliseconds(this.#options.timeout),
    })
    const context: ReconcileContext = { cluster, signal, now: () => clock.now() }
    metrics.active(this.name, 1)
    let outcome: ReconcileOutcome | undefined
    try {
      // Awaited to its very end, also past its deadline: two reconciles of one key at a time would be worse.
      outcome = this.#settle(ref, await this.#options.reconcile(ref, context))
    } catch (error) {
      outcome = this.#fail({ ref, error, leading })
    } finally {
      deadlines.end()
      metrics.active(this.name, -1)
    }
    if (!outcome) return
    const seconds = (clock.monotonicMs() - startedAt) / 1000
    metrics.reconciled(this.name, outcome, seconds)
    const fields = { controller: this.name, key: keyOf(ref), outcome, seconds }
    // What failed has a line of its own.
    if (outcome !== 'error' && outcome !== 'conflict') log.debug(fields, 'A reconcile has ended.')
  }

  #settle(ref: ObjectRef, result: Result): ReconcileOutcome {
    const { queue } = this
    queue.forget(ref)
    if (result.type === 'wait') {
      queue.addAfter(ref, milliseconds(result.after))
      return 'requeue_after'
    }
    if (result.type === 'stalled') {
      queue.addAfter(ref, milliseconds(result.after ?? this.#options.stalledAgain), 'resync')
      return 'stalled'
    }
    if (result.again !== undefined) {
      queue.addAfter(ref, milliseconds(result.again))
      return 'requeue_after'
    }
    this.#scheduleResync(ref)
    return 'success'
  }

  /** Spread over a tenth of the period, so that what started together does not come back together for ever. */
  #scheduleResync(ref: ObjectRef): void {
    if (!this.#options.primary.has(ref)) return
    const period = milliseconds(this.#options.resyncEvery)
    this.queue.addAfter(ref, period * (0.9 + this.#parts.random() / 10), 'resync')
  }

  #fail({ ref, error, leading }: Failed): ReconcileOutcome | undefined {
    const { log } = this.#parts
    const fields = { controller: this.name, key: keyOf(ref), err: error }
    if (leading.aborted || error instanceof NotLeaderError) {
      log.debug(fields, 'A reconcile was dropped: this replica does not lead any more.')
      return undefined
    }
    this.queue.retry(ref, longestRestMs(error))
    if (isConflict(error)) {
      // Not worth a line by itself: somebody was quicker, and the next look sees what they did.
      log.debug(fields, 'A reconcile met a newer version and is repeated.')
      return 'conflict'
    }
    log.error(
      { ...fields, failures: this.queue.failuresOf(ref) },
      'A reconcile failed and is repeated later.',
    )
    return 'error'
  }
}

/** Nobody is there who would have to be spared. */
const UNREACHABLE_MS = 3_000
const MOMENTARY_MS = 15_000

/**
 * An API server that does not answer, or that has too much to do, is no fault of the resource, and neither is a version
 * that is not the newest any more: when that is over nothing tells so, and who failed for minutes, or often because
 * much happened, must not wait for minutes more.
 */
function longestRestMs(error: unknown): number | undefined {
  if (isConflict(error) || isExpired(error)) return MOMENTARY_MS
  if (!isTransient(error)) return undefined
  return error.status === 0 ? UNREACHABLE_MS : MOMENTARY_MS
}

interface Failed {
  ref: ObjectRef
  error: unknown
  leading: AbortSignal
}

/** What ends a piece of work that does not end by itself. */
interface Held {
  deadlines: Deadlines
  leading: AbortSignal
}

/** Gives work that is under way so long to end by itself. */
export async function grace(clock: Clock, ended: Promise<unknown>, graceMs: number): Promise<boolean> {
  const patience = new AbortController()
  const late = pause(clock, graceMs, patience.signal).then(
    () => false,
    () => true,
  )
  const isOver = await Promise.race([ended.then(() => true), late])
  patience.abort(new DOMException('It ended.', 'AbortError'))
  return isOver
}
