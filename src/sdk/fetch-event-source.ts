/**
 * An EventSource over fetch, for programs: the browsers' own sends no Authorization header, and Node has none. It
 * does what tRPC's client needs of one: it reconnects by itself, from the last event that it got.
 */
import { eventsOf, type ServerSentEvent } from './event-parser.ts'

interface Options {
  readonly fetch: typeof globalThis.fetch
  readonly headers: () => Readonly<Record<string, string>>
}

type Listener = (event: Event & { data?: string; lastEventId?: string }) => void

const CONNECTING = 0
const OPEN = 1
const CLOSED = 2
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 15_000

/** The class that tRPC's `httpSubscriptionLink` takes, for these credentials. */
export function fetchEventSource(options: Options) {
  return class extends FetchEventSource {
    constructor(url: string) {
      super(url, options)
    }
  }
}

class FetchEventSource {
  readonly CONNECTING = CONNECTING
  readonly OPEN = OPEN
  readonly CLOSED = CLOSED
  readyState: number = CONNECTING

  readonly #url: string
  readonly #options: Options
  readonly #target = new EventTarget()
  readonly #closing = new AbortController()
  #lastId = ''
  #failures = 0

  constructor(url: string, options: Options) {
    this.#url = url
    this.#options = options
    // It ends by itself, and tells what goes wrong as an event.
    void this.#run()
  }

  addEventListener(name: string, listener: Listener): void {
    this.#target.addEventListener(name, listener)
  }

  removeEventListener(name: string, listener: Listener): void {
    this.#target.removeEventListener(name, listener)
  }

  close(): void {
    this.readyState = CLOSED
    this.#closing.abort()
  }

  async #run(): Promise<void> {
    while (this.readyState !== CLOSED) {
      const error = await this.#once().catch((reason: unknown) => reason)
      if (this.#closing.signal.aborted) return
      // As browsers do: a refusal is final, a break is not.
      this.readyState = error instanceof Refusal ? CLOSED : CONNECTING
      this.#tell('error', { message: error instanceof Error ? error.message : 'the stream ended' })
      if (error instanceof Refusal) return
      await this.#pause()
    }
  }

  async #once(): Promise<void> {
    const { fetch, headers } = this.#options
    const response = await fetch(this.#url, {
      headers: {
        ...headers(),
        accept: 'text/event-stream',
        ...(this.#lastId === '' ? {} : { 'last-event-id': this.#lastId }),
      },
      signal: this.#closing.signal,
    })
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream')
    if (!response.body || !isStream) {
      if (response.status >= 500) throw new Error(`status ${response.status}`)
      throw new Refusal(`status ${response.status}`)
    }
    this.readyState = OPEN
    this.#tell('open', {})
    for await (const event of eventsOf(response.body)) this.#take(event)
  }

  #take({ name, data, lastId }: ServerSentEvent): void {
    this.#failures = 0
    this.#lastId = lastId
    this.#tell(name, { data, lastEventId: lastId })
  }

  #tell(name: string, fields: object): void {
    this.#target.dispatchEvent(Object.assign(new Event(name), fields))
  }

  async #pause(): Promise<void> {
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS)
    this.#failures += 1
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, longest * (0.5 + Math.random() / 2))
      const wake = (): void => {
        clearTimeout(timer)
        resolve()
      }
      this.#closing.signal.addEventListener('abort', wake, { once: true })
    })
  }
}

/** The server answered, and it was no stream. */
class Refusal extends Error {}
