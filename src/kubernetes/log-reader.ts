import { backoffMs } from './backoff.ts'
import type { Clock, Random } from './clock.ts'
import { KubeError, isTransient } from './kube-error.ts'
import { LineSplitter } from './line-splitter.ts'
import { LogPosition, type LogLine } from './log-position.ts'
import type { LogOptions } from './log-types.ts'
import type { KubePath, Query } from './path.ts'
import { guardAgainstSilence } from './silence.ts'
import type { Transport } from './transport-types.ts'

const RECONNECT = { baseMs: 100, maxMs: 5_000 }
/** A follow that said nothing for so long is opened again where it was: a dead connection is silent too. */
const QUIET_MS = 5 * 60_000
/** How long after the end of a log it is looked whether that was all. */
const CONFIRM_MS = 500

type ReaderOptions = LogOptions & { container: string; clock: Clock; random: Random }

/** How a connection ended: `error` where it did not end by itself. */
export interface Ending {
  error?: unknown
  /** Whether it brought any line that was not known. */
  isNew: boolean
}

/** Where we are in one log, over all its connections. */
export class LogReader {
  readonly #transport: Transport
  readonly #path: KubePath
  readonly #options: ReaderOptions
  readonly #openedAt: string
  readonly #position = new LogPosition()
  #connections = 0
  #lines = 0
  #failures = 0
  #bytesLeft: number
  #mayBeOver = false

  constructor(transport: Transport, path: KubePath, options: ReaderOptions) {
    this.#transport = transport
    this.#path = path
    this.#options = options
    this.#openedAt = options.clock.now().toISOString()
    this.#bytesLeft = options.limitBytes ?? Number.POSITIVE_INFINITY
  }

  /** One connection, from where the last one ended. */
  async *connection(): AsyncGenerator<readonly LogLine[], Ending, undefined> {
    const before = this.#lines
    try {
      yield* this.#read()
      return { isNew: this.#lines > before }
    } catch (error) {
      return { error, isNew: this.#lines > before }
    }
  }

  /**
   * How long to wait before the next connection; `undefined` when there is none to follow.
   *
   * @throws the connection's error, where the caller has to hear of it
   */
  waitAfter({ error, isNew }: Ending): number | undefined {
    if (error === undefined) return this.#isOver(isNew) ? undefined : CONFIRM_MS
    if (!(error instanceof KubeError) || this.#isForCaller(error, isNew)) throw error as Error
    // Later on, a pod that is not there any more is just the end.
    if (!isTransient(error)) return undefined
    this.#failures = isNew ? 1 : this.#failures + 1
    return backoffMs(this.#failures, RECONNECT, this.#options.random)
  }

  #isForCaller({ status }: KubeError, isNew: boolean): boolean {
    const neverBegan = this.#connections === 1 && !isNew
    return !this.#options.follow || neverBegan || status === 401 || status === 403
  }

  /**
   * A follow ends when the container does, and also when something between breaks off politely. So it is asked once
   * more; if there is nothing new then, that was all.
   */
  #isOver(isNew: boolean): boolean {
    if (!this.#options.follow || this.#bytesLeft <= 0) return true
    const isConfirmed = this.#mayBeOver && !isNew
    this.#mayBeOver = true
    return isConfirmed
  }

  /** A line without an end is half a line, unless it comes so a second time. */
  #isLastLine(): boolean {
    return !this.#options.follow || this.#mayBeOver || this.#bytesLeft !== Number.POSITIVE_INFINITY
  }

  async *#read(): AsyncGenerator<readonly LogLine[], void, undefined> {
    const silence = guardAgainstSilence({
      what: `GET ${this.#path}`,
      clock: this.#options.clock,
      inactivityMs: QUIET_MS,
      signal: this.#options.signal ?? new AbortController().signal,
      onContact: () => {},
    })
    try {
      this.#connections++
      const { body } = await this.#transport.stream({
        method: 'GET',
        path: this.#path,
        query: this.#query(),
        accept: '*/*',
        signal: silence.signal,
      })
      const splitter = new LineSplitter()
      this.#position.reconnect()
      for await (const chunk of silence.tap(body)) yield* this.#batch(splitter.push(chunk))
      const rest = splitter.rest()
      if (rest.length > 0 && this.#isLastLine()) yield* this.#batch([rest])
    } finally {
      silence.end()
    }
  }

  *#batch(raw: readonly Buffer[]): Generator<readonly LogLine[], void, undefined> {
    const fresh: LogLine[] = []
    for (const bytes of raw) {
      const line = this.#position.take(bytes.toString('utf8'))
      if (!line) continue
      fresh.push(line)
      this.#bytesLeft -= bytes.length + 1
    }
    if (fresh.length === 0) return
    this.#lines += fresh.length
    this.#mayBeOver = false
    yield fresh
  }

  #query(): Query {
    const { follow, container, previous } = this.#options
    return {
      container,
      timestamps: true,
      follow: follow ? true : undefined,
      previous: previous ? true : undefined,
      limitBytes: Number.isFinite(this.#bytesLeft) ? Math.max(1, this.#bytesLeft) : undefined,
      ...this.#place(),
    }
  }

  #place(): Query {
    const { sinceTime, tailLines } = this.#options
    const resumeAt = this.#position.since()
    if (resumeAt !== undefined) return { sinceTime: resumeAt }
    // Who wanted new lines only, and lost the connection before the first, wants those since then.
    if (this.#connections > 1 && tailLines === 0) return { sinceTime: this.#openedAt }
    return { sinceTime, tailLines }
  }
}
