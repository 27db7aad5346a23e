import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from './clock.ts'

/** So long may one stretch of work hold up everything else in this process. */
const STRETCH_MS = 5

/** Cuts long work into stretches: between them timers, requests and other streams have their turn. */
export class Breather {
  readonly #clock: Clock
  #since: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#since = clock.monotonicMs()
  }

  /** To be asked after each small piece of work. @returns something to wait for when it is time */
  pause(): Promise<void> | undefined {
    return this.#clock.monotonicMs() - this.#since < STRETCH_MS ? undefined : this.#breathe()
  }

  async #breathe(): Promise<void> {
    await nextTurn()
    this.#since = this.#clock.monotonicMs()
  }
}
