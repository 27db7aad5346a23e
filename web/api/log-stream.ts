/**
 * The log of a deployment as it is written: one connection for all its pods, opened again where it was cut.
 * Never more than a few such connections for all tabs together: browsers have six over HTTP/1.1.
 */
import type { DeploymentId } from '../../src/contract/ids.ts'
import type {
  LogEndEvent,
  LogGapEvent,
  LogLinesEvent,
  LogSourceEvent,
} from '../../src/modules/logs/schema.ts'
import { createEventParser, type StreamEvent } from '../lib/event-parser.ts'
import { count } from '../lib/format.ts'
import { takePlace } from '../lib/leader.ts'
import { LogBuffer, type LogSource } from '../lib/log-buffer.ts'
import { describeError, isPassing, readPublicError, StreamError, type Fault } from './errors.ts'

export type LogState =
  | { kind: 'connecting' }
  | { kind: 'live' }
  /** Other tabs hold all connections that logs may have. */
  | { kind: 'crowded' }
  | { kind: 'hidden' }
  | { kind: 'retrying' | 'failed'; fault: Fault }

const PLACES = 3
const CROWDED_RETRY_MS = 2000
/** Lines of the past of each container, at first. */
const TAIL = 500
/** The server pings every 15 seconds. */
const SILENCE_MS = 40_000
const FIRST_RETRY_MS = 1000
const LAST_RETRY_MS = 15_000
/** A page is painted no more often than this. */
const PAINT_MS = 100
/** A tab that is only looked away from for a moment keeps its stream. */
const HIDDEN_GRACE_MS = 10_000

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })

export class LogStream {
  readonly buffer: LogBuffer = new LogBuffer()
  state: LogState = { kind: 'connecting' }

  readonly #url: string
  readonly #listeners = new Set<() => void>()
  readonly #stopping = new AbortController()
  /** Numbers are given anew by every connection. */
  #sources = new Map<number, LogSource>()
  #lastId = ''
  #failures = 0
  #snapshot = 0
  #painting: ReturnType<typeof setTimeout> | undefined

  constructor(id: DeploymentId) {
    const query = new URLSearchParams({ tail: String(TAIL) })
    this.#url = `/api/deployments/${encodeURIComponent(id)}/logs?${query}`
  }

  /** For useSyncExternalStore. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Rises whenever there is something new to paint. */
  readonly snapshot = (): number => this.#snapshot

  start(): void {
    this.#run().catch(reportError)
  }

  stop(): void {
    this.#stopping.abort()
    clearTimeout(this.#painting)
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted && this.state.kind !== 'failed') {
      if (document.hidden) await this.#whileHidden()
      else await this.#once()
    }
  }

  async #whileHidden(): Promise<void> {
    this.#enter({ kind: 'hidden' })
    await new Promise<void>((resolve) => {
      const { signal } = this.#stopping
      document.addEventListener('visibilitychange', () => resolve(), { once: true, signal })
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  /** One connection, from taking a place to its end. */
  async #once(): Promise<void> {
    const closing = new AbortController()
    const signal = AbortSignal.any([closing.signal, this.#stopping.signal])
    const unwatch = closeWhenHidden(closing)
    try {
      if (!(await takePlace('shipyard.logs', PLACES, signal))) {
        this.#enter({ kind: 'crowded' })
        await pause(CROWDED_RETRY_MS, signal)
        return
      }
      await this.#read(closing, signal)
    } catch (error) {
      if (!signal.aborted) await this.#fail(error, signal)
    } finally {
      unwatch()
      closing.abort()
    }
  }

  async #read(closing: AbortController, signal: AbortSignal): Promise<void> {
    if (this.state.kind !== 'retrying') this.#enter({ kind: 'connecting' })
    const headers = new Headers(this.#lastId === '' ? [] : [['last-event-id', this.#lastId]])
    let silence = setTimeout(() => closing.abort(), SILENCE_MS)
    try {
      const response = await fetch(this.#url, { signal, headers })
      if (!response.ok || !response.body) throw await refusalOf(response)
      this.#failures = 0
      this.#sources = new Map()
      this.#enter({ kind: 'live' })
      const parse = createEventParser()
      for await (const chunk of textOf(response.body)) {
        clearTimeout(silence)
        silence = setTimeout(() => closing.abort(), SILENCE_MS)
        for (const event of parse(chunk)) this.#take(event)
      }
    } finally {
      clearTimeout(silence)
    }
    // The server ended it in good order: it restarts, or has no more. A moment, then again.
    await pause(FIRST_RETRY_MS, signal)
  }

  #take({ name, data, lastId }: StreamEvent): void {
    if (lastId !== '') this.#lastId = lastId
    const value: unknown = JSON.parse(data)
    if (name === 'source') {
      const { source, ...of } = value as LogSourceEvent
      this.#sources.set(source, this.buffer.announce(of))
    } else if (name === 'lines') {
      const { source, lines } = value as LogLinesEvent
      this.#with(source, (of) => this.buffer.append(of, lines))
    } else if (name === 'gap') {
      const { source, lines } = value as LogGapEvent
      const says = `${count(lines, 'line')} missing here: they came faster than this page could take them.`
      this.#with(source, (of) => this.buffer.note(of, 'gap', says))
    } else if (name === 'end') {
      const { source, sentence } = value as LogEndEvent
      this.#with(source, (of) => this.buffer.note(of, 'end', sentence))
    }
    this.#paintSoon()
  }

  #with(source: number, act: (of: LogSource) => void): void {
    const of = this.#sources.get(source)
    if (of) act(of)
  }

  async #fail(error: unknown, signal: AbortSignal): Promise<void> {
    const fault = describeError(error)
    if (!isPassing(fault)) {
      this.#enter({ kind: 'failed', fault })
      return
    }
    this.#enter({ kind: 'retrying', fault })
    const wait = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LAST_RETRY_MS)
    this.#failures += 1
    await pause(wait * (0.5 + Math.random()), signal)
  }

  #enter(state: LogState): void {
    this.state = state
    this.#paintSoon()
  }

  #paintSoon(): void {
    this.#painting ??= setTimeout(() => {
      this.#painting = undefined
      this.#snapshot += 1
      for (const listener of this.#listeners) listener()
    }, PAINT_MS)
  }
}

/** Gives the connection back when nobody looks, a little later. */
function closeWhenHidden(closing: AbortController): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const onChange = () => {
    clearTimeout(timer)
    if (document.hidden) timer = setTimeout(() => closing.abort(), HIDDEN_GRACE_MS)
  }
  document.addEventListener('visibilitychange', onChange)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', onChange)
  }
}

async function refusalOf(response: Response): Promise<Error> {
  const body: unknown = await response.json().catch(() => undefined)
  const fault = readPublicError(body)
  if (fault) return new StreamError(fault)
  return new StreamError({
    sentence: 'The log cannot be read at the moment. It is tried again.',
    code: 'FOREIGN_ANSWER',
    status: response.status,
    requestId: undefined,
    fields: [],
  })
}

async function* textOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string, void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}
