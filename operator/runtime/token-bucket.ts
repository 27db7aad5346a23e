import type { Clock } from '../../src/kubernetes/clock.ts'

interface Rate {
  perSecond: number
  /** So many at once after a pause. */
  burst: number
  clock: Clock
}

/** Spreads out what may come in a flood: each taker is told how long to wait for its turn. */
export class TokenBucket {
  readonly #rate: Rate
  #tokens: number
  #at: number

  constructor(rate: Rate) {
    this.#rate = rate
    this.#tokens = rate.burst
    this.#at = rate.clock.monotonicMs()
  }

  /** @returns milliseconds to wait; 0 when there is no need. The turn is taken either way. */
  take(): number {
    this.#refill()
    this.#tokens--
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#rate.perSecond) * 1000
  }

  /** Takes a turn only if there is one now. */
  tryTake(): boolean {
    this.#refill()
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }

  #refill(): void {
    const { perSecond, burst, clock } = this.#rate
    const now = clock.monotonicMs()
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 1000) * perSecond)
    this.#at = now
  }
}
