/** One piece of work with several who wait for it. It is stopped when all of them have given up. */
export class SharedTask<T> {
  readonly #stop = new AbortController()
  readonly #result: Promise<T>
  #waiting = 0

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#result = work(this.#stop.signal)
    // When all have given up, nobody is left to hear that it failed.
    this.#result.catch(() => undefined)
  }

  /** Whether it was told to stop, so that nobody else should wait for it. */
  isStopped(): boolean {
    return this.#stop.signal.aborted
  }

  /** Rejects as the work does, or with the signal's reason as soon as that is given. */
  async wait(signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted()
    if (!signal) {
      this.#waiting += 1
      return await this.#result
    }
    const given = Promise.withResolvers<never>()
    const giveUp = (): void => {
      this.#waiting -= 1
      if (this.#waiting === 0) this.#stop.abort(signal.reason)
      given.reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)))
    }
    this.#waiting += 1
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      return await Promise.race([this.#result, given.promise])
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }
}
