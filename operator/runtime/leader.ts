/**
 * Which replica writes. One holds the Lease and renews it; the others look now and then whether it went stale.
 *
 * What is promised: no two replicas are certain to lead at the same moment, however long one of them is frozen and
 * whatever their walls' clocks say. A holder is certain for `renewMs` from when it *began* its last successful renewal;
 * another one takes over `leaseMs` after it *saw* the last change. Both are measured by clocks that cannot jump, and the
 * difference between the two is the room for requests that are on their way.
 */
import { pause, type Clock, type Random } from '../../src/kubernetes/clock.ts'
import { isConflict } from '../../src/kubernetes/kube-error.ts'
import { withDeadline } from './deadline.ts'
import type { LeaseRecord, LeaseStore, StoredLease } from './lease.ts'

export interface LeaderOptions {
  lease: LeaseStore
  /** Of this process: no other may ever have the same. */
  identity: string
  clock: Clock
  random: Random
  /** A lease that did not change for so long may be taken. Default 15 s. */
  leaseMs?: number
  /** Without a successful renewal for so long this replica leads no more. Default 10 s. */
  renewMs?: number
  /** Between renewals. Default 2 s. */
  retryMs?: number
  /** One attempt takes no longer, so that one that hangs does not use up the budget. Default 3 s. */
  attemptMs?: number
  /** How often a standby looks. Default 0.8 s. */
  pollMs?: number
  /** Told of failed attempts; they are no reason for concern as long as one succeeds in time. */
  onError?: (error: unknown) => void
}

/** The lease was not renewed in time, or another holds it. The process has to end: its caches may be wrong by now. */
export class LeadershipLostError extends Error {
  override readonly name = 'LeadershipLostError'
}

const DEFAULTS = { leaseMs: 15_000, renewMs: 10_000, retryMs: 2_000, attemptMs: 3_000, pollMs: 800 }

type Settings = LeaderOptions & typeof DEFAULTS

/** What we hold, and when its last renewal was begun. */
interface Held {
  stored: StoredLease
  since: number
}

export class LeaderElector {
  readonly #settings: Settings
  #held: Held | undefined
  /** What was last seen of another's lease, and when it was seen first. */
  #seen: { version: string; at: number } | undefined

  constructor(options: LeaderOptions) {
    this.#settings = { ...DEFAULTS, ...options }
  }

  /** Whether it is certain, at this moment, that no other replica leads. To be asked before each write. */
  isLeader(): boolean {
    const { clock, renewMs } = this.#settings
    return this.#held !== undefined && clock.monotonicMs() - this.#held.since < renewMs
  }

  /**
   * Waits for the lead, works, and gives it back.
   *
   * @param signal gives up waiting. The work ends by itself: it has to look at the signal too
   * @param work its signal is raised at the moment at which the lead is lost
   * @throws {LeadershipLostError} without waiting for the work to end
   */
  async lead(signal: AbortSignal, work: (leading: AbortSignal) => Promise<void>): Promise<void> {
    if (!(await this.#acquire(signal))) return
    const loss = new AbortController()
    const over = new AbortController()
    const lost = this.#keep(over.signal).then((error) => {
      if (!error) return
      loss.abort(error)
      throw error
    })
    try {
      await Promise.race([work(loss.signal), lost])
    } finally {
      over.abort(new DOMException('The work is done.', 'AbortError'))
      await lost.catch(() => {}) // thrown above, if it was
      await this.#release()
    }
  }

  async #acquire(signal: AbortSignal): Promise<boolean> {
    const { clock, random, pollMs } = this.#settings
    while (!signal.aborted) {
      this.#held = await this.#attempt(async (attempt) => this.#tryAcquire(attempt))
      if (this.#held) return true
      // Apart from each other, or two standbys would always collide.
      await pause(clock, pollMs * (0.75 + random() / 4), signal).catch(() => {})
    }
    return false
  }

  async #tryAcquire(signal: AbortSignal): Promise<Held | undefined> {
    const { clock, lease } = this.#settings
    const stored = await lease.get(signal)
    const since = clock.monotonicMs()
    if (!stored) return { stored: await lease.create(this.#record(undefined), signal), since }
    if (!this.#mayTake(stored, since)) return undefined
    return this.#write(stored, signal)
  }

  #mayTake({ record, version }: StoredLease, now: number): boolean {
    // Given back; or ours: the answer to an earlier attempt was lost.
    if (record.holder === '' || record.holder === this.#settings.identity) return true
    if (this.#seen?.version !== version) this.#seen = { version, at: now }
    // A holder with a longer lease than ours counts on all of it.
    return now - this.#seen.at >= Math.max(record.durationMs, this.#settings.leaseMs)
  }

  /** Renews until told that it is over, or until it failed for too long: then the answer is why. */
  async #keep(over: AbortSignal): Promise<LeadershipLostError | undefined> {
    const { clock, retryMs } = this.#settings
    let waitMs = retryMs
    while (!over.aborted) {
      await pause(clock, Math.min(waitMs, this.#leftMs()), over).catch(() => {})
      if (over.aborted) return undefined
      const held = this.#held
      if (!held || !this.isLeader()) return this.#lose('The lease could not be renewed in time.')
      const renewed = await this.#attempt(async (attempt) => this.#renew(held, attempt))
      if (renewed === 'taken') return this.#lose('Another replica holds the lease.')
      if (renewed) this.#held = renewed
      waitMs = renewed ? retryMs : retryMs / 4
    }
    return undefined
  }

  async #renew({ stored }: Held, signal: AbortSignal): Promise<Held | 'taken'> {
    const { lease, identity } = this.#settings
    try {
      return await this.#write(stored, signal)
    } catch (error) {
      if (!isConflict(error)) throw error
    }
    // Perhaps an earlier renewal of ours arrived, and only its answer did not.
    const current = await lease.get(signal)
    return current?.record.holder === identity ? this.#write(current, signal) : 'taken'
  }

  async #write(before: StoredLease, signal: AbortSignal): Promise<Held> {
    const { clock, lease } = this.#settings
    const since = clock.monotonicMs()
    return { stored: await lease.update(this.#record(before), before.version, signal), since }
  }

  #lose(why: string): LeadershipLostError {
    this.#held = undefined
    return new LeadershipLostError(why)
  }

  /** So that the next one need not wait for the lease to go stale. */
  async #release(): Promise<void> {
    const held = this.#held
    this.#held = undefined
    if (!held) return
    const record = { ...this.#record(held.stored), holder: '', durationMs: 1000 }
    await this.#attempt(async (signal) => this.#settings.lease.update(record, held.stored.version, signal))
  }

  #leftMs(): number {
    const { clock, renewMs } = this.#settings
    return Math.max(0, (this.#held?.since ?? 0) + renewMs - clock.monotonicMs())
  }

  /** @returns what was attempted; `undefined` when it failed or took too long */
  async #attempt<T>(attempt: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    const { clock, attemptMs, onError } = this.#settings
    const milliseconds = this.#held ? Math.min(attemptMs, Math.max(1, this.#leftMs())) : attemptMs
    try {
      return await withDeadline({ clock, milliseconds, what: 'The lease' }, attempt)
    } catch (error) {
      onError?.(error)
      return undefined
    }
  }

  #record(before: StoredLease | undefined): LeaseRecord {
    const { clock, identity, leaseMs } = this.#settings
    const now = clock.now()
    const isOurs = before?.record.holder === identity
    return {
      holder: identity,
      durationMs: leaseMs,
      acquiredAt: isOurs ? before.record.acquiredAt : now,
      renewedAt: now,
      transitions: (before?.record.transitions ?? -1) + (isOurs ? 0 : 1),
    }
  }
}
