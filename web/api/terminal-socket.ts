/** A terminal as the page has it: one WebSocket, from being opened to its end. It is not opened again by itself. */
import { ByteWindow, EXEC_WINDOW_BYTES } from '../../src/contract/byte-window.ts'
import type { ExecClientMessage, ExecServerMessage } from '../../src/contract/exec.ts'
import type { DeploymentId } from '../../src/contract/ids.ts'
import { readPublicError } from './errors.ts'

interface Size {
  columns: number
  rows: number
}

/** What shows it. */
export interface Screen {
  /** `done` when it is painted, or as good as. */
  write: (bytes: Uint8Array, done: () => void) => void
  size: () => Size
}

export type TerminalState =
  | { kind: 'connecting' }
  | { kind: 'open'; service: string; pod: string; notice: string | undefined }
  | { kind: 'over'; sentence: string; isFault: boolean; requestId: string | undefined }

interface Where {
  id: DeploymentId
  service: string
  /** Empty: the newest one that is ready. */
  pod: string
}

/** Larger messages are refused. */
const PIECE_BYTES = 16 * 1024
const CUT = 'The connection was cut. Open the terminal again.'

const over = (sentence: string, isFault = true, requestId?: string): TerminalState => ({
  kind: 'over',
  sentence,
  isFault,
  requestId,
})

export class TerminalSocket {
  state: TerminalState = { kind: 'connecting' }
  readonly #url: string
  readonly #screen: Screen
  readonly #socket: WebSocket
  readonly #typed = new ByteWindow(EXEC_WINDOW_BYTES)
  readonly #leaving = new AbortController()
  readonly #listeners = new Set<() => void>()
  /** The server hears nothing before its shell is open: what is typed until then waits. */
  readonly #decided = Promise.withResolvers<void>()
  #writing: Promise<void> = this.#decided.promise

  constructor({ id, service, pod }: Where, screen: Screen) {
    this.#screen = screen
    const { columns, rows } = screen.size()
    const query = new URLSearchParams({ service, columns: String(columns), rows: String(rows) })
    if (pod !== '') query.set('pod', pod)
    this.#url = `/api/deployments/${encodeURIComponent(id)}/exec?${query}`
    const address = new URL(this.#url, location.href)
    address.protocol = address.protocol.replace('http', 'ws')
    this.#socket = new WebSocket(address)
    this.#socket.binaryType = 'arraybuffer'
    this.#socket.addEventListener('message', ({ data }) => this.#hear(data))
    this.#socket.addEventListener('close', () => {
      if (this.state.kind === 'open') this.#enter(over(CUT))
      if (this.state.kind === 'connecting') this.#explain().catch(() => this.#enter(over(CUT)))
    })
  }

  /** For useSyncExternalStore. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly snapshot = (): TerminalState => this.state

  type(text: string): void {
    const bytes = new TextEncoder().encode(text)
    // One after the other, or pieces of two would mingle. After the end nobody waits for what is typed.
    this.#writing = this.#writing.then(async () => this.#send(bytes)).catch(() => undefined)
  }

  resize(size: Size): void {
    if (this.state.kind === 'open') this.#say({ type: 'resize', ...size })
  }

  close(): void {
    this.#leaving.abort()
    this.#socket.close()
  }

  async #send(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
      await this.#typed.room(this.#leaving.signal)
      const piece = bytes.slice(from, from + PIECE_BYTES)
      this.#typed.sent(piece.length)
      this.#socket.send(piece)
    }
  }

  #hear(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      const bytes = new Uint8Array(data)
      this.#screen.write(bytes, () => this.#say({ type: 'taken', bytes: bytes.length }))
      return
    }
    this.#take(JSON.parse(String(data)) as ExecServerMessage)
  }

  #take(message: ExecServerMessage): void {
    const { state } = this
    if (message.type === 'opened') {
      this.#enter({ kind: 'open', service: message.service, pod: message.pod, notice: undefined })
      this.resize(this.#screen.size())
    } else if (message.type === 'taken') this.#typed.taken(message.bytes)
    else if (message.type === 'notice' && state.kind === 'open')
      this.#enter({ ...state, notice: message.sentence })
    else if (message.type === 'exit')
      this.#enter(over(`The shell has ended with exit code ${message.code}.`, false))
    else if (message.type === 'ended') this.#enter(over(message.sentence, true, message.requestId))
  }

  /** Browsers tell nobody why a handshake was refused; the same question without one is answered. */
  async #explain(): Promise<void> {
    const response = await fetch(this.#url, { signal: this.#leaving.signal })
    const refusal = response.status === 405 ? undefined : readPublicError(await response.json())
    this.#enter(refusal ? over(refusal.sentence, true, refusal.requestId) : over(CUT))
  }

  #say(message: ExecClientMessage): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }

  #enter(state: TerminalState): void {
    this.state = state
    if (state.kind === 'over') this.#leaving.abort()
    this.#decided.resolve()
    for (const listener of this.#listeners) listener()
  }
}
