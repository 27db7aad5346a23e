/** What either side of a terminal sends before the other one has said that it was taken. */
export const EXEC_WINDOW_BYTES: number = 256 * 1024

/**
 * How much of a stream may be on the way to its reader, who says how much of it was taken. It bounds what lies in
 * buffers of anybody between the two, and lets nobody run ahead of who reads: a socket alone knows of its own buffer
 * only, and in browsers not even of that.
 */
export class ByteWindow {
  readonly #limit: number
  #underway = 0
  readonly #waiting = new Set<() => void>()

  /** @param limit in bytes; the last piece may go over it */
  constructor(limit: number) {
    this.#limit = limit
  }

  get hasRoom(): boolean {
    return this.#underway < this.#limit
  }

  sent(bytes: number): void {
    this.#underway += bytes
  }

  /** Also of a reader who says more than there was. */
  taken(bytes: number): void {
    this.#underway = Math.max(0, this.#underway - bytes)
    if (!this.hasRoom) return
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }

  /** @throws the signal's reason */
  async room(signal: AbortSignal): Promise<void> {
    while (!this.hasRoom) {
      signal.throwIfAborted()
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener('abort', wake)
          this.#waiting.delete(wake)
          resolve()
        }
        this.#waiting.add(wake)
        signal.addEventListener('abort', wake, { once: true })
      })
    }
    signal.throwIfAborted()
  }
}
