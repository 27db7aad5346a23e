/** A Lease that several electors fight over, and processes that stop and go on. */
import type { Clock } from '../../../src/kubernetes/clock.ts'
import { KubeError } from '../../../src/kubernetes/kube-error.ts'
import type { LeaseRecord, LeaseStore, StoredLease } from '../lease.ts'

/** What becomes of one call. */
export type LeaseFault =
  | { type: 'none'; latencyMs: number }
  /** It does not arrive, and no answer comes. */
  | { type: 'lost' }
  /** It arrives, and its answer does not. */
  | { type: 'unanswered'; latencyMs: number }
  | { type: 'refused'; status: number }

/** The API server's one Lease. */
export class FakeLease {
  record: LeaseRecord | undefined
  version = 0
  writes = 0

  get(): StoredLease | undefined {
    return this.record && { record: { ...this.record }, version: String(this.version) }
  }

  /** @param version undefined to create */
  write(record: LeaseRecord, version: string | undefined): StoredLease {
    const isCurrent = version === undefined ? this.record === undefined : version === String(this.version)
    if (!isCurrent) throw new KubeError({ status: 409, reason: 'Conflict', message: 'It was modified.' })
    this.record = { ...record }
    this.version++
    this.writes++
    return { record, version: String(this.version) }
  }
}

/** The way of one process to the Lease. @param fault of each call, as it is made */
export function leaseStore(lease: FakeLease, clock: Clock, fault: () => LeaseFault): LeaseStore {
  const call = async <T>(arrive: () => T, signal: AbortSignal): Promise<T> => {
    signal.throwIfAborted()
    const happens = fault()
    if (happens.type === 'refused') throw new KubeError({ ...happens, reason: 'Told', message: 'refused' })
    if (happens.type === 'lost') return new Promise(() => {})
    const passing = async (): Promise<void> =>
      new Promise((resolve) => clock.after(happens.latencyMs / 2, resolve))
    await passing()
    const answer = arrive()
    if (happens.type === 'unanswered') return new Promise(() => {})
    await passing()
    return answer
  }
  return {
    get: async (signal) => call(() => lease.get(), signal),
    create: async (record, signal) => call(() => lease.write(record, undefined), signal),
    update: async (record, version, signal) => call(() => lease.write(record, version), signal),
  }
}

/** The clocks of a process that can be frozen: time goes on, nothing in it does. Its wall may be wrong. */
export class ProcessClock implements Clock {
  readonly #base: Clock
  readonly #rate: number
  readonly #wallOffsetMs: number
  readonly #held = new Set<() => void>()
  #isFrozen = false

  constructor(base: Clock, { rate = 1, wallOffsetMs = 0 }: { rate?: number; wallOffsetMs?: number } = {}) {
    this.#base = base
    this.#rate = rate
    this.#wallOffsetMs = wallOffsetMs
  }

  now(): Date {
    return new Date(this.#base.now().getTime() + this.#wallOffsetMs)
  }

  monotonicMs(): number {
    return this.#base.monotonicMs() * this.#rate
  }

  after(milliseconds: number, callback: () => void): () => void {
    const run = (): void => {
      if (this.#isFrozen) this.#held.add(callback)
      else callback()
    }
    const cancel = this.#base.after(milliseconds / this.#rate, run)
    return () => {
      cancel()
      this.#held.delete(callback)
    }
  }

  freeze(): void {
    this.#isFrozen = true
  }

  thaw(): void {
    this.#isFrozen = false
    for (const callback of [...this.#held]) {
      this.#held.delete(callback)
      callback()
    }
  }
}
