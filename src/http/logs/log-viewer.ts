/**
 * One viewer of a log: a stream of events. The past is read at the viewer's own pace; of the present nobody is waited
 * for: who reads too slowly is told how many lines are missing, and goes on.
 */
import { Readable } from 'node:stream'

import type { LogEntry } from '../../modules/logs/schema.ts'
import { frameOf, linesFrame, PING } from './log-frames.ts'
import type { LogListener, LogUpstream } from './log-upstream.ts'

/** What waits for one viewer at most, besides what the socket holds. */
const MAX_WAITING_BYTES = 1024 * 1024
const PING_MS = 15_000
const BATCH_LINES = 1_000

export interface ViewerOptions {
  /** Lines of the past of each container. */
  readonly tail: number
  /** When it came, as instants of lines are written: what is younger is no past. */
  readonly arrivedAt: string
  /** After a break, instead: all from this instant on. What was seen before comes again, and is known by its place. */
  readonly since?: string | undefined
  readonly isWanted: (upstream: LogUpstream) => boolean
  /** Lines from an instant on that are no longer in memory, oldest first. */
  readonly readOlder: (upstream: LogUpstream, since: string) => AsyncIterable<LogEntry[]>
  readonly onTrouble: (error: unknown) => void
}

export class LogViewer extends Readable implements LogListener {
  readonly #options: ViewerOptions
  readonly #stops: (() => void)[] = []
  /** Lines that this viewer did not get, by source. */
  readonly #missing = new Map<number, number>()
  readonly #pinging: ReturnType<typeof setInterval>
  /** Those who wait for the viewer to read on. */
  readonly #waiting = new Set<() => void>()
  #isOver = false

  constructor(options: ViewerOptions) {
    super({ highWaterMark: 64 * 1024 })
    this.#options = options
    this.#pinging = setInterval(() => this.#send(PING), PING_MS)
    // The head of the answer goes out at once, although there may be no line for long; with a place to go on from,
    // in case there is none before the connection is cut.
    this.#send(frameOf('ping', {}, options.since ?? options.arrivedAt))
  }

  /** Shows a container from now on. */
  readonly show = (upstream: LogUpstream): void => {
    if (this.#options.isWanted(upstream)) this.#follow(upstream).catch(this.#options.onTrouble)
  }

  async #follow(upstream: LogUpstream): Promise<void> {
    await upstream.primed
    if (this.destroyed) return
    const { ring, announcement } = upstream
    const { source } = announcement
    this.#send(frameOf('source', announcement))
    let next = await this.#beginning(upstream)
    for (;;) {
      const isLive = next >= ring.end && this.#attach(upstream, next)
      if (isLive || this.destroyed) break
      if (next < ring.start) this.#send(frameOf('gap', { source, lines: ring.start - next }))
      const lines = ring.read(next, BATCH_LINES)
      next = Math.max(next, ring.start) + lines.length
      if (lines.length > 0) this.#send(linesFrame(source, lines))
      await this.#room()
    }
    if (upstream.ended !== undefined) this.onEnd(source, upstream.ended.sentence)
  }

  /** From which number on the ring is read; what it no longer holds is sent before. */
  async #beginning(upstream: LogUpstream): Promise<number> {
    const { ring } = upstream
    const { since, arrivedAt, tail, readOlder } = this.#options
    if (since === undefined) return Math.max(ring.start, ring.since(arrivedAt) - tail)
    const held = ring.since(since)
    const [oldest] = ring.read(ring.start, 1)
    if (held > ring.start || oldest === undefined) return held
    for await (const lines of readOlder(upstream, since)) {
      const older = lines.filter(
        ([at, ordinal]) => at < oldest[0] || (at === oldest[0] && ordinal < oldest[1]),
      )
      if (older.length > 0) this.#send(linesFrame(upstream.announcement.source, older))
      if (older.length < lines.length || this.destroyed) break
      await this.#room()
    }
    return held
  }

  /** Hears what is new from now on, unless there is something before that it has not had. */
  #attach(upstream: LogUpstream, next: number): boolean {
    const stop = upstream.listen(this)
    if (next < upstream.ring.end) {
      stop()
      return false
    }
    this.#stops.push(stop)
    return true
  }

  onLines(source: number, frame: Buffer, count: number): void {
    const missing = this.#missing.get(source)
    if (missing === undefined && this.readableLength <= MAX_WAITING_BYTES) this.#send(frame)
    else this.#missing.set(source, (missing ?? 0) + count)
  }

  onEnd(source: number, sentence: string): void {
    this.#send(frameOf('end', { source, sentence }))
  }

  #send(frame: Buffer): void {
    if (!this.destroyed && !this.#isOver) this.push(frame)
  }

  /** Comes back when the viewer has read most of what waits for it, or is gone. */
  async #room(): Promise<void> {
    while (this.readableLength > MAX_WAITING_BYTES / 2 && !this.destroyed) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }

  /** What is being taken right now still counts as waiting: it is looked at after that. */
  override _read(): void {
    setImmediate(this.#catchUp)
  }

  /** The reader wants more: it is told what it missed, and gets what comes from now on. */
  readonly #catchUp = (): void => {
    if (this.readableLength > MAX_WAITING_BYTES / 2) {
      // Nothing, so that the stream asks again: it does not while it waits for an answer.
      this.#send(Buffer.alloc(0))
      return
    }
    for (const [source, lines] of this.#missing) this.#send(frameOf('gap', { source, lines }))
    this.#missing.clear()
    this.#wake()
  }

  /** Ends in good order: the reader may come back. */
  finish(): void {
    if (!this.destroyed && !this.#isOver) this.push(null)
    this.#isOver = true
  }

  /** Is called when the viewer is gone, whatever the reason. */
  onGone(callback: () => void): void {
    this.#stops.push(callback)
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearInterval(this.#pinging)
    for (const stop of this.#stops) stop()
    this.#wake()
    callback(error)
  }
}
