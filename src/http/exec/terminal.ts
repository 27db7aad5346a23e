/**
 * One terminal: a WebSocket of somebody on the one side, a program in a container on the other. Neither side gets ahead
 * of the other by more than a window, so little is held in memory however fast the one is and however slow the other.
 */
import type { RawData, WebSocket } from 'ws'

import { ByteWindow, EXEC_WINDOW_BYTES } from '../../contract/byte-window.ts'
import { ExecClientMessage, type ExecServerMessage } from '../../contract/exec.ts'
import { AppError } from '../../errors.ts'
import type { Settings } from '../../modules/deps.ts'
import type { Clock } from '../../ports/clock/port.ts'
import type { RunningProgram } from '../../ports/kube/port.ts'
import { appErrorOf } from '../../rpc/error-format.ts'

/** How it ended: the exit code of the shell, or the error that ended it; nothing where the caller left. */
export interface TerminalEnd {
  readonly exitCode?: number
  readonly error?: AppError
}

interface Options {
  readonly socket: WebSocket
  readonly clock: Clock
  readonly limits: Settings['terminals']
  readonly requestId: string
}

/** The largest message of input: a piece of something that was pasted. */
export const MAX_MESSAGE_BYTES = 64 * 1024
/** How long before it is closed for being idle people are told. */
const IDLE_WARNING_MS = 60_000
/** A caller who no longer reads does not keep what was ended. */
const LAST_WORDS_MS = 1_000
/** https://www.rfc-editor.org/rfc/rfc6455#section-7.4 */
const CLOSE = { exited: 1000, refused: 1008, failed: 1011, restarting: 1012 } as const

/** The reason of whoever left by themselves. */
const LEFT = Symbol('left')

export class Terminal {
  readonly #options: Options
  readonly #ending = new AbortController()
  readonly #shown = new ByteWindow(EXEC_WINDOW_BYTES)
  readonly #startedMs: number
  #program: RunningProgram | undefined
  /** Typed, and not taken by the container yet. */
  #typedBytes = 0
  #usedMs: number
  #isHeard = true
  #isWarned = false

  constructor(options: Options) {
    this.#options = options
    const { socket, clock } = options
    this.#startedMs = this.#usedMs = clock.monotonicMs()
    socket.on('message', (data, isBinary) => this.#hear(data, isBinary))
    socket.on('pong', () => (this.#isHeard = true))
    socket.once('close', () => this.#ending.abort(LEFT))
  }

  notice(sentence: string): void {
    this.#say({ type: 'notice', sentence })
  }

  end(error: unknown): void {
    this.#ending.abort(error)
  }

  /**
   * From here to its end.
   *
   * @param open starts the program; what it throws is told to the caller
   * @param place of the message `opened`
   */
  async run(
    open: (signal: AbortSignal) => Promise<RunningProgram>,
    place: Omit<Extract<ExecServerMessage, { type: 'opened' }>, 'type'>,
  ): Promise<TerminalEnd> {
    const { signal } = this.#ending
    const ticking = setInterval(() => this.#tick(), this.#options.limits.tickMs)
    const leave = (): void => this.#program?.close()
    signal.addEventListener('abort', leave, { once: true })
    try {
      this.#program = await open(signal)
      if (signal.aborted) throw signal.reason
      this.#say({ type: 'opened', ...place })
      const exitCode = await this.#show(this.#program)
      this.#say({ type: 'exit', code: exitCode })
      this.#options.socket.close(CLOSE.exited)
      return { exitCode }
    } catch (caught) {
      const error: unknown = signal.aborted ? signal.reason : caught
      return error === LEFT ? {} : { error: this.#refuse(appErrorOf(error)) }
    } finally {
      clearInterval(ticking)
      signal.removeEventListener('abort', leave)
      leave()
    }
  }

  /** Passes on what is shown until the program has ended. @returns its exit code */
  async #show({ stdout, stderr, exit }: RunningProgram): Promise<number> {
    const { socket } = this.#options
    const { signal } = this.#ending
    stderr.resume()
    for await (const bytes of stdout as AsyncIterable<Buffer>) {
      await this.#shown.room(signal)
      this.#shown.sent(bytes.length)
      socket.send(bytes, { binary: true })
      this.#use()
      // Said to be taken before it can have come.
      if (socket.bufferedAmount > 2 * EXEC_WINDOW_BYTES) this.#misspoken('More was taken than was sent.')
    }
    return exit
  }

  #hear(data: RawData, isBinary: boolean): void {
    this.#isHeard = true
    const program = this.#program
    if (!program) return this.#misspoken('The terminal is not open yet.')
    const bytes = Buffer.isBuffer(data) ? data : Buffer.concat([data].flat() as Buffer[])
    if (isBinary) return this.#type(program, bytes)
    const message = ExecClientMessage.safeParse(jsonOf(bytes))
    if (!message.success) return this.#misspoken('The message cannot be read.')
    if (message.data.type === 'taken') this.#shown.taken(message.data.bytes)
    else program.resize(message.data)
  }

  #type({ stdin }: RunningProgram, bytes: Buffer): void {
    this.#use()
    this.#typedBytes += bytes.length
    if (this.#typedBytes > EXEC_WINDOW_BYTES + MAX_MESSAGE_BYTES)
      return this.#misspoken('More was typed than the container takes.')
    stdin.write(bytes, () => {
      this.#typedBytes -= bytes.length
      this.#say({ type: 'taken', bytes: bytes.length })
    })
  }

  #say(message: ExecServerMessage): void {
    const { socket } = this.#options
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  }

  #misspoken(problem: string): void {
    this.end(new AppError('INVALID_INPUT', { problem }))
  }

  #refuse(error: AppError): AppError {
    const { socket, requestId } = this.#options
    const { code, sentence, status } = error.toPublic()
    this.#say({ type: 'ended', code, sentence, requestId })
    const failed = status >= 500 ? CLOSE.failed : CLOSE.refused
    socket.close(code === 'SHUTTING_DOWN' ? CLOSE.restarting : failed)
    const timer = setTimeout(() => socket.terminate(), LAST_WORDS_MS)
    socket.once('close', () => clearTimeout(timer))
    return error
  }

  #use(): void {
    this.#usedMs = this.#options.clock.monotonicMs()
    this.#isWarned = false
  }

  /** Keeps proxies from cutting it, and finds who is gone, who is idle and who has been there for too long. */
  #tick(): void {
    const { socket, clock, limits } = this.#options
    if (!this.#isHeard) return socket.terminate()
    this.#isHeard = false
    socket.ping()
    const now = clock.monotonicMs()
    const idleMs = now - this.#usedMs
    if (idleMs >= limits.idleMs)
      this.end(new AppError('TERMINAL_IDLE', { minutes: Math.round(limits.idleMs / 60_000) }))
    else if (now - this.#startedMs >= limits.longestMs)
      this.end(new AppError('TERMINAL_TOO_LONG', { hours: Math.round(limits.longestMs / 3_600_000) }))
    else if (idleMs >= limits.idleMs - IDLE_WARNING_MS && !this.#isWarned) {
      this.#isWarned = true
      this.notice(
        'Nothing was typed or shown for a long time: this terminal closes soon. Press a key to keep it.',
      )
    }
  }
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
