import { Readable, Writable } from 'node:stream'
import type { RawData } from 'ws'

import type { Clock } from './clock.ts'
import { exitCodeOf } from './exec-status.ts'
import type { ExecProcess, TerminalSize } from './exec-types.ts'
import { KubeError } from './kube-error.ts'
import type { WebSocket } from './web-socket.ts'

/** The first byte of every message. */
const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const

/** Keeps proxies on the way from taking a quiet terminal for a dead one. */
const PING_MS = 20_000
/** What is held of each output for its reader. */
const HELD_BYTES = 64 * 1024
/** How long a server that is left may take to hear of it. */
const LAST_WORDS_MS = 1_500
/** Ends what the shell runs. */
const CTRL_C = Buffer.of(3)
/** Ends the shell; twice, because the first one is only warned of where something is stopped in it. */
const CTRL_D = Buffer.of(4, 4)
/** What is typed before a shell is back at its prompt is lost. */
const PROMPT_MS = 300
/** Of one message of input. */
const PIECE_BYTES = 32 * 1024

interface Options {
  /** For messages. */
  readonly what: string
  readonly clock: Clock
  readonly isTty: boolean
  readonly size: TerminalSize | undefined
  readonly signal: AbortSignal | undefined
}

/** The streams of a program over an open WebSocket. */
export class ExecStreams implements ExecProcess {
  readonly stdout: Readable
  readonly stderr: Readable
  readonly stdin: Writable
  readonly exit: Promise<number>
  readonly #socket: WebSocket
  readonly #options: Options
  readonly #exit = Promise.withResolvers<number>()
  /** Outputs whose reader is behind. */
  readonly #full = new Set<Readable>()
  /** Whether something has come since the last ping: an answer to it, or anything else. */
  #isHeard = true
  /** Input that the container does not take keeps the server from answering, which is no fault of the connection. */
  #hasWrittenSince = false
  #hasEnded = false
  #cancelPing = (): void => {}

  constructor(socket: WebSocket, options: Options) {
    this.#socket = socket
    this.#options = options
    this.stdout = this.#output()
    this.stderr = this.#output()
    this.stdin = this.#input()
    this.exit = this.#exit.promise
    // Who leaves need not wait for the end.
    this.exit.catch(() => undefined)
    socket.on('message', (data) => this.#take(data))
    socket.on('pong', () => {
      this.#isHeard = true
      this.#hasWrittenSince = false
    })
    socket.on('close', () => this.#onClose())
    options.signal?.addEventListener('abort', this.#onAbort, { once: true })
    if (options.size) this.resize(options.size)
    this.#pingLater()
    if (options.signal?.aborted) this.#onAbort()
    socket.resume()
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#send(CHANNEL.resize, Buffer.from(JSON.stringify({ Width: columns, Height: rows })), () => undefined)
  }

  close(): void {
    this.#fail(
      new KubeError({
        status: 0,
        reason: 'Closed',
        message: `${this.#options.what} was left by its caller.`,
      }),
    )
  }

  readonly #onAbort = (): void => this.#fail(this.#options.signal?.reason)

  #output(): Readable {
    const stream: Readable = new Readable({
      highWaterMark: HELD_BYTES,
      read: () => {
        if (this.#full.delete(stream) && this.#full.size === 0) this.#socket.resume()
      },
    })
    // How it ended is told by the exit; an output only ends.
    stream.on('error', () => undefined)
    return stream
  }

  #input(): Writable {
    const stream = new Writable({
      highWaterMark: PIECE_BYTES,
      write: (bytes: Buffer, _, done) => {
        for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
          const isLast = from + PIECE_BYTES >= bytes.length
          this.#send(CHANNEL.stdin, bytes.subarray(from, from + PIECE_BYTES), isLast ? done : () => undefined)
        }
      },
      final: (done) => this.#send(CHANNEL.close, Buffer.of(CHANNEL.stdin), done),
    })
    stream.on('error', () => undefined)
    return stream
  }

  #send(channel: number, bytes: Buffer, done: (error?: Error) => void): void {
    this.#hasWrittenSince = true
    this.#socket.send(Buffer.concat([Buffer.of(channel), bytes]), { binary: true }, done)
  }

  #take(data: RawData): void {
    this.#isHeard = true
    const message = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)
    const bytes = message.subarray(1)
    if (message[0] === CHANNEL.stdout) this.#show(this.stdout, bytes)
    else if (message[0] === CHANNEL.stderr) this.#show(this.stderr, bytes)
    else if (message[0] === CHANNEL.status) this.#onStatus(bytes.toString('utf8'))
  }

  #show(stream: Readable, bytes: Buffer): void {
    // Outputs are opened by an empty message each.
    if (bytes.length === 0 || stream.push(bytes)) return
    this.#full.add(stream)
    this.#socket.pause()
  }

  #onStatus(text: string): void {
    this.#hasEnded = true
    try {
      this.#exit.resolve(exitCodeOf(this.#options.what, text))
    } catch (error) {
      this.#exit.reject(error)
    }
  }

  /** Without effect on an exit that is known. */
  #onClose(): void {
    this.#hasEnded = true
    this.#cancelPing()
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    const message = `${this.#options.what} broke off before the program ended.`
    this.#exit.reject(new KubeError({ status: 0, reason: 'ConnectionFailed', message }))
    for (const output of [this.stdout, this.stderr]) if (!output.destroyed) output.push(null)
    this.stdin.destroy()
  }

  #fail(error: unknown): void {
    this.#exit.reject(error)
    this.#cancelPing()
    this.#hangUp()
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    for (const stream of [this.stdout, this.stderr, this.stdin]) stream.destroy()
    // What is unread is nobody's any more, and would keep the end of the connection from being seen.
    this.#socket.removeAllListeners('message')
    this.#socket.resume()
    const cancel = this.#options.clock.after(LAST_WORDS_MS, () => this.#socket.terminate())
    this.#socket.once('close', cancel)
  }

  /** Kubernetes ends the connection and leaves the program, so a shell is ended by the keys that people press. */
  #hangUp(): void {
    const socket = this.#socket
    if (!this.#options.isTty || this.#hasEnded) return socket.close()
    const ignore = (): void => undefined
    this.#send(CHANNEL.stdin, CTRL_C, ignore)
    const cancel = this.#options.clock.after(PROMPT_MS, () => {
      this.#send(CHANNEL.stdin, CTRL_D, ignore)
      this.#send(CHANNEL.close, Buffer.of(CHANNEL.stdin), ignore)
      socket.close()
    })
    socket.once('close', cancel)
  }

  #pingLater(): void {
    this.#cancelPing = this.#options.clock.after(PING_MS, () => {
      const isJudged = this.#full.size === 0 && !this.#hasWrittenSince
      if (isJudged && !this.#isHeard) {
        const message = `${this.#options.what} has not been heard of for ${PING_MS / 1000} s.`
        this.#fail(new KubeError({ status: 0, reason: 'Silent', message }))
        this.#socket.terminate()
        return
      }
      this.#isHeard = false
      this.#socket.ping()
      this.#pingLater()
    })
  }
}
