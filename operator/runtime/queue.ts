/**
 * Which key is worked on next. Keeps true: a key is with one worker at a time; a key that is added while it is worked
 * on comes again afterwards; however often it is added, it waits once; nothing that was added is forgotten; a new
 * change goes before what is only looked at again, and is not worked on beside more than one of these; and one namespace
 * with a thousand changes holds up no other.
 */
import { backoffMs, type BackoffLimits } from '../../src/kubernetes/backoff.ts'
import type { Clock, Random } from '../../src/kubernetes/clock.ts'
import { keyOf, refOf, type ObjectKey, type ObjectRef } from '../../src/kubernetes/object.ts'
import { FairLine } from './fair-line.ts'
import { TokenBucket } from './token-bucket.ts'

/** `change`: something happened. `resync`: it is only time to look again. */
export type Priority = 'change' | 'resync'

export interface QueueOptions {
  clock: Clock
  random: Random
  /** After failures of one key. Default from 250 ms to 5 min. */
  backoff?: BackoffLimits
  /** Of all keys together: so many retries a second, and so many at once. Default 20 and 100. */
  retryRate?: { perSecond: number; burst: number }
  observer?: QueueObserver
}

/** Told what happens, for metrics. Must not throw. */
export interface QueueObserver {
  added(): void
  /** A key went to a worker, after so many seconds in line. */
  started(waitedSeconds: number): void
  finished(workedSeconds: number): void
  retried(): void
}

interface Waiting {
  since: number
  priority: Priority
}

interface Working {
  since: number
  priority: Priority
}

interface Delayed {
  at: number
  priority: Priority
  cancel: () => void
}

const BACKOFF: BackoffLimits = { baseMs: 250, maxMs: 5 * 60_000 }
const RETRY_RATE = { perSecond: 20, burst: 100 }
/** Every so many turns the oldest resync goes first, so that a stream of changes cannot hold them up for ever. */
const RESYNC_TURN = 10

export class WorkQueue {
  readonly #options: QueueOptions
  readonly #lines: Record<Priority, FairLine> = { change: new FairLine(), resync: new FairLine() }
  readonly #waiting = new Map<ObjectKey, Waiting>()
  readonly #delayed = new Map<ObjectKey, Delayed>()
  readonly #working = new Map<ObjectKey, Working>()
  readonly #atWork: Record<Priority, number> = { change: 0, resync: 0 }
  /** Added while they were worked on. */
  readonly #again = new Map<ObjectKey, Priority>()
  readonly #failures = new Map<ObjectKey, number>()
  readonly #takers: ((ref: ObjectRef) => void)[] = []
  readonly #retries: TokenBucket
  #turns = 0

  constructor(options: QueueOptions) {
    this.#options = options
    this.#retries = new TokenBucket({ ...(options.retryRate ?? RETRY_RATE), clock: options.clock })
  }

  /** Keys in line. Those that wait for their time are not among them. */
  get depth(): number {
    return this.#waiting.size
  }

  get working(): number {
    return this.#working.size
  }

  /** Keys that come by themselves after a while. */
  get delayed(): number {
    return this.#delayed.size
  }

  /** How long the key that waits longest has been in line; 0 when none is. */
  oldestSeconds(): number {
    return this.#secondsSince([...this.#waiting.values()].map(({ since }) => since))
  }

  /** How long the key that is worked on longest has been. */
  longestRunSeconds(): number {
    return this.#secondsSince([...this.#working.values()].map(({ since }) => since))
  }

  /** The sum over all keys that are worked on. */
  unfinishedSeconds(): number {
    const now = this.#options.clock.monotonicMs()
    return [...this.#working.values()].reduce((sum, { since }) => sum + (now - since) / 1000, 0)
  }

  #secondsSince(times: readonly number[]): number {
    if (times.length === 0) return 0
    return (this.#options.clock.monotonicMs() - times.reduce((a, b) => Math.min(a, b))) / 1000
  }

  add(ref: ObjectRef, priority: Priority = 'change'): void {
    const key = keyOf(ref)
    this.#options.observer?.added()
    if (this.#working.has(key)) this.#again.set(key, higher(priority, this.#again.get(key)))
    else this.#enqueue(key, priority)
  }

  /** In line after so many milliseconds; when it waits for a time already, the earlier one counts. */
  addAfter(ref: ObjectRef, delayMs: number, priority: Priority = 'change'): void {
    if (delayMs <= 0) return this.add(ref, priority)
    const { clock } = this.#options
    const key = keyOf(ref)
    const known = this.#delayed.get(key)
    const at = Math.min(clock.monotonicMs() + delayMs, known?.at ?? Number.POSITIVE_INFINITY)
    known?.cancel()
    const cancel = clock.after(at - clock.monotonicMs(), () => {
      const due = this.#delayed.get(key)
      this.#delayed.delete(key)
      this.add(ref, due?.priority ?? priority)
    })
    this.#delayed.set(key, { at, priority: higher(priority, known?.priority), cancel })
  }

  /**
   * After a failure: later and later, until {@link forget}.
   *
   * @param longestMs the longest rest for its own failures, to which the common rate of all may add; default five minutes
   */
  retry(ref: ObjectRef, longestMs = Number.POSITIVE_INFINITY): void {
    const { random, backoff = BACKOFF, observer } = this.#options
    const key = keyOf(ref)
    const failures = (this.#failures.get(key) ?? 0) + 1
    this.#failures.set(key, failures)
    observer?.retried()
    const limits = { ...backoff, maxMs: Math.min(backoff.maxMs, longestMs) }
    this.addAfter(ref, Math.max(backoffMs(failures, limits, random), this.#retries.take()), 'change')
  }

  /** How often it failed since it last succeeded. */
  failuresOf(ref: ObjectRef): number {
    return this.#failures.get(keyOf(ref)) ?? 0
  }

  /** It succeeded: the next failure is a first one. */
  forget(ref: ObjectRef): void {
    this.#failures.delete(keyOf(ref))
  }

  /**
   * The next key, which is the caller's alone until {@link done}.
   *
   * @throws the signal's reason
   */
  async take(signal: AbortSignal): Promise<ObjectRef> {
    signal.throwIfAborted()
    const key = this.#next()
    if (key !== undefined) return refOf(key)
    return new Promise((resolve, reject) => {
      const taker = (ref: ObjectRef): void => {
        signal.removeEventListener('abort', onAbort)
        resolve(ref)
      }
      const onAbort = (): void => {
        this.#takers.splice(this.#takers.indexOf(taker), 1)
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#takers.push(taker)
    })
  }

  /** The worker is through with a key, however it went. */
  done(ref: ObjectRef): void {
    const key = keyOf(ref)
    const work = this.#working.get(key)
    if (work === undefined) return
    this.#working.delete(key)
    this.#atWork[work.priority]--
    this.#options.observer?.finished((this.#options.clock.monotonicMs() - work.since) / 1000)
    const again = this.#again.get(key)
    this.#again.delete(key)
    if (again !== undefined) this.#enqueue(key, again)
    this.#handOut()
  }

  /** Forgets what waits for its time, and stops its timers. */
  close(): void {
    for (const { cancel } of this.#delayed.values()) cancel()
    this.#delayed.clear()
  }

  #enqueue(key: ObjectKey, priority: Priority): void {
    const known = this.#waiting.get(key)
    if (known && higher(priority, known.priority) === known.priority) return
    if (known) this.#lines[known.priority].remove(key)
    this.#waiting.set(key, { since: known?.since ?? this.#options.clock.monotonicMs(), priority })
    this.#lines[priority].push(key)
    this.#handOut()
  }

  /** To those who wait longest, as much as may be worked on. */
  #handOut(): void {
    while (this.#takers.length > 0) {
      const key = this.#next()
      if (key === undefined) return
      this.#takers.shift()?.(refOf(key))
    }
  }

  #next(): ObjectKey | undefined {
    const isResyncTurn = (this.#turns + 1) % RESYNC_TURN === 0
    const order = isResyncTurn ? (['resync', 'change'] as const) : (['change', 'resync'] as const)
    const key = this.#nextOf(order[0]) ?? this.#nextOf(order[1])
    if (key === undefined) return undefined
    this.#turns++
    const { clock, observer } = this.#options
    const now = clock.monotonicMs()
    const { since = now, priority = 'change' } = this.#waiting.get(key) ?? {}
    observer?.started((now - since) / 1000)
    this.#waiting.delete(key)
    this.#working.set(key, { since: now, priority })
    this.#atWork[priority]++
    return key
  }

  /** While a change is worked on, the API server's time is for that one; what is only looked at again goes on by one worker. */
  #nextOf(priority: Priority): ObjectKey | undefined {
    const isHeld = priority === 'resync' && this.#atWork.change > 0 && this.#atWork.resync > 0
    return isHeld ? undefined : this.#lines[priority].shift()
  }
}

function higher(a: Priority, b: Priority | undefined): Priority {
  return a === 'change' || b === 'change' ? 'change' : 'resync'
}
