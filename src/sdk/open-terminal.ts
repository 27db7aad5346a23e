/** A terminal in a container: what is typed goes in, what is shown comes as a loop over bytes. */
import { ByteWindow, EXEC_WINDOW_BYTES } from '../contract/byte-window.ts'
import { ExecServerMessage, type ExecClientMessage, type ExecQuery } from '../contract/exec.ts'
import { ShipyardError } from './errors.ts'

export interface OpenTerminalOptions {
  /** Of its pods the newest one that is ready; of all services when missing. */
  readonly service?: string
  /** This pod. */
  readonly pod?: string
  readonly columns?: number
  readonly rows?: number
  /** Closes it. */
  readonly signal?: AbortSignal
  /** Told what people should know, such as that the server is about to be restarted. */
  readonly onNotice?: (sentence: string) => void
}

export interface Terminal {
  /** Where it is. */
  readonly place: { readonly service: string; readonly pod: string; readonly container: string }
  /** As it comes, in pieces that may cut characters. What is not read holds the program up. */
  readonly output: AsyncIterable<Uint8Array>
  /** Resolves when it is on its way; later when the program takes nothing. */
  write(typed: string | Uint8Array): Promise<void>
  resize(size: Pick<ExecQuery, 'columns' | 'rows'>): void
  /**
   * The exit code of the shell, known when all output has been read.
   *
   * @throws {ShipyardError} it was ended before: the right was withdrawn, the connection was cut, …
   */
  readonly exit: Promise<number>
  close(): void
}

interface Connection {
  readonly url: string
  readonly fetch: typeof globalThis.fetch
  readonly headers: () => Readonly<Record<string, string>>
}

/** Larger messages are refused. */
const PIECE_BYTES = 16 * 1024

const lost = new ShipyardError('The connection to the server was cut. Open the terminal again.', {
  code: 'CONNECTION_LOST',
  status: 0,
})

/** @throws {ShipyardError} when it cannot be opened */
export async function openTerminal(
  connection: Connection,
  id: string,
  { signal, onNotice, ...query }: OpenTerminalOptions = {},
): Promise<Terminal> {
  signal?.throwIfAborted()
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) parameters.set(name, String(value))
  const url = `${connection.url}/api/deployments/${encodeURIComponent(id)}/exec?${parameters.toString()}`
  const socket = socketTo(url, connection.headers())
  const terminal = new SocketTerminal(socket, onNotice)
  signal?.addEventListener('abort', () => terminal.close(), { once: true })
  try {
    await terminal.opened
    return terminal
  } catch (error) {
    // What a handshake is refused with, nobody is shown; the same question without one is answered.
    throw error === lost ? await refusalAt(connection, url) : error
  }
}

function socketTo(url: string, headers: Readonly<Record<string, string>>): WebSocket {
  const address = url.replace(/^http/, 'ws')
  // A browser shows its cookie by itself, and lets nobody set a header.
  if ('document' in globalThis) return new WebSocket(address)
  return new WebSocket(address, { headers })
}

async function refusalAt({ fetch, headers }: Connection, url: string): Promise<ShipyardError> {
  const response = await fetch(url, { headers: headers() }).catch(() => undefined)
  if (!response || response.status === 405) return lost
  return ShipyardError.of(response)
}

class SocketTerminal implements Terminal {
  place: Terminal['place'] = { service: '', pod: '', container: '' }
  readonly #socket: WebSocket
  readonly #onNotice: OpenTerminalOptions['onNotice']
  readonly #opened = Promise.withResolvers<void>()
  readonly #exit = Promise.withResolvers<number>()
  readonly #typed = new ByteWindow(EXEC_WINDOW_BYTES)
  readonly #over = new AbortController()
  readonly #pieces: Uint8Array[] = []
  #wake = (): void => {}
  #writing: Promise<void> = Promise.resolve()

  constructor(socket: WebSocket, onNotice: OpenTerminalOptions['onNotice']) {
    this.#socket = socket
    this.#onNotice = onNotice
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('message', ({ data }: MessageEvent) => this.#hear(data))
    socket.addEventListener('error', () => this.#end(lost))
    socket.addEventListener('close', () => this.#end(lost))
    this.exit.catch(() => undefined)
  }

  get opened(): Promise<void> {
    return this.#opened.promise
  }

  get exit(): Promise<number> {
    return this.#exit.promise
  }

  readonly output: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => this.#read() }

  async *#read(): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const piece = this.#pieces.shift()
      if (piece) {
        yield piece
        this.#say({ type: 'taken', bytes: piece.length })
      } else if (this.#over.signal.aborted) return
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  async write(typed: string | Uint8Array): Promise<void> {
    const bytes = typeof typed === 'string' ? new TextEncoder().encode(typed) : typed
    // One after the other, or pieces of two would mingle.
    this.#writing = this.#writing.catch(() => undefined).then(async () => this.#send(bytes))
    return this.#writing
  }

  async #send(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
      await this.#typed.room(this.#over.signal)
      const piece = bytes.slice(from, from + PIECE_BYTES)
      this.#typed.sent(piece.length)
      this.#socket.send(piece)
    }
  }

  resize({ columns, rows }: Pick<ExecQuery, 'columns' | 'rows'>): void {
    this.#say({ type: 'resize', columns, rows })
  }

  close(): void {
    this.#end(lost)
    this.#socket.close()
  }

  #hear(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      this.#pieces.push(new Uint8Array(data))
      this.#wake()
      return
    }
    const message = ExecServerMessage.parse(JSON.parse(String(data)))
    if (message.type === 'opened') {
      this.place = message
      this.#opened.resolve()
    } else if (message.type === 'taken') this.#typed.taken(message.bytes)
    else if (message.type === 'notice') this.#onNotice?.(message.sentence)
    else if (message.type === 'exit') {
      this.#exit.resolve(message.code)
      this.#end(lost)
    } else {
      const { code, sentence, requestId } = message
      this.#end(new ShipyardError(sentence, { code, status: 0, ...(requestId ? { requestId } : {}) }))
    }
  }

  #say(message: ExecClientMessage): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message))
  }

  /** Without effect on what has ended before. */
  #end(error: ShipyardError): void {
    this.#opened.reject(error)
    this.#exit.reject(error)
    this.#over.abort(error)
    this.#wake()
  }
}
