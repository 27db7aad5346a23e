/** `undecided`: may soon want to build, so lesser ones wait. `aside`: busy elsewhere (a download, another process). */
type TicketState = 'undecided' | 'aside' | 'wanting' | 'building' | 'closed'

/** One program's place in the queue, taken before it is known whether it must be built at all. */
export interface Ticket {
  /** Lets lesser programs build while this one is busy with something else. */
  aside(): void
  undecided(): void
  /** Runs the build when no other runs and no more urgent program wants or may soon want to build. */
  build<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>
  close(): void
}

/**
 * Builds one at a time, the most urgent first: two compilers side by side take as long as one after the other, need
 * twice the memory, and what the stack waits for would be ready last.
 */
export class BuildQueue {
  readonly #entries = new Set<Entry>()

  /** @param priority lower is more urgent. */
  ticket(priority: number): Ticket {
    const entry = new Entry(priority, () => this.#startNext())
    this.#entries.add(entry)
    return {
      aside: () => entry.become('aside'),
      undecided: () => entry.become('undecided'),
      build: (task, signal) => entry.build(task, signal),
      close: () => {
        this.#entries.delete(entry)
        entry.become('closed')
      },
    }
  }

  #startNext(): void {
    const entries = [...this.#entries].toSorted((a, b) => a.priority - b.priority)
    if (entries.some((entry) => entry.state === 'building')) return
    const first = entries.find((entry) => entry.state !== 'aside')
    if (first?.state === 'wanting') first.start()
  }
}

class Entry {
  readonly priority: number
  state: TicketState = 'undecided'
  readonly #changed: () => void
  #turn = Promise.withResolvers<undefined>()

  constructor(priority: number, changed: () => void) {
    this.priority = priority
    this.#changed = changed
  }

  become(state: TicketState): void {
    this.state = state
    this.#changed()
  }

  start(): void {
    this.state = 'building'
    this.#turn.resolve(undefined)
  }

  async build<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted()
    const turn = Promise.withResolvers<undefined>()
    const giveUp = (): void => turn.reject(signal.reason)
    signal.addEventListener('abort', giveUp, { once: true })
    this.#turn = turn
    try {
      this.become('wanting')
      await turn.promise
      return await task()
    } finally {
      signal.removeEventListener('abort', giveUp)
      this.become('undecided')
    }
  }
}
