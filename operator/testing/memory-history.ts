/** What watches are told, and what they are not: events that get lost or come twice, and lists of long ago. */
import type { StoredChange } from './memory-objects.ts'

export class MemoryHistory {
  /** Events since the start. */
  count = 0
  /** The event with this number is told to nobody. */
  lost: number | undefined
  /** Every event is told so often. */
  times = 1
  /** Watches that begin now see the world as it was after these events, and nothing later until {@link catchUp}. */
  seen: readonly StoredChange[] = []
  readonly #all: StoredChange[] = []
  #unseen: StoredChange[] | undefined

  get isBehind(): boolean {
    return this.#unseen !== undefined
  }

  /** @returns what watches are told of it */
  tell(change: StoredChange): StoredChange[] {
    const number = this.count++
    this.#all.push(change)
    if (number === this.lost) return []
    if (this.#unseen) {
      this.#unseen.push(change)
      return []
    }
    return Array.from({ length: this.times }, () => change)
  }

  /** From now on the world looks as it did after so many events. */
  goBack(count: number): void {
    this.seen = this.#all.slice(0, count)
    this.#unseen = this.#all.slice(count)
  }

  /** @returns what was not seen meanwhile */
  catchUp(): StoredChange[] {
    const unseen = this.#unseen ?? []
    this.seen = []
    this.#unseen = undefined
    return unseen
  }
}
