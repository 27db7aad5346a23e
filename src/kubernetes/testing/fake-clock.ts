import type { Clock } from '../clock.ts'

interface Timer {
  at: number
  /** Timers of the same moment go off in the order in which they were set. */
  order: number
  callback: () => void
}

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  readonly #startedAt: number
  readonly #timers = new Set<Timer>()
  #elapsed = 0
  #order = 0

  constructor(startedAt = '2026-01-01T00:00:00.000Z') {
    this.#startedAt = Date.parse(startedAt)
  }

  /** Timers that have not gone off: none may be left when a thing is closed. */
  get pending(): number {
    return this.#timers.size
  }

  /** When the next timer goes off, in milliseconds from now. */
  get next(): number | undefined {
    const first = this.#first()
    return first && Math.max(0, first.at - this.#elapsed)
  }

  now(): Date {
    return new Date(this.#startedAt + this.#elapsed)
  }

  monotonicMs(): number {
    return this.#elapsed
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.#elapsed + Math.max(0, milliseconds), order: this.#order++, callback }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** Moves time on, lets every timer on the way go off at its moment, and what waits for it go on. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.#elapsed + milliseconds
    await settle()
    for (let timer = this.#first(); timer && timer.at <= until; timer = this.#first()) {
      this.#elapsed = Math.max(this.#elapsed, timer.at)
      this.#timers.delete(timer)
      timer.callback()
      await settle()
    }
    this.#elapsed = until
    await settle()
  }

  #first(): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer
    }
    return first
  }
}

/** Lets everything that is ready to go on do so: promises first, then what they set off. */
async function settle(): Promise<void> {
  for (let round = 0; round < 3; round++) await new Promise((resolve) => setImmediate(resolve))
}
