import { beforeEach, expect, it, vi } from 'vitest'

import type { DeploymentId } from '../../src/contract/ids.ts'
import { TerminalSocket } from './terminal-socket.ts'

/** A server's side of the connection: what it was sent, and what it says. */
class FakeSocket extends EventTarget {
  static readonly OPEN = 1
  readyState = 0
  readonly sent: unknown[] = []

  /** As browsers do: it throws before the handshake is through. */
  send(data: unknown): void {
    if (this.readyState !== FakeSocket.OPEN) throw new Error('It is not open.')
    this.sent.push(typeof data === 'string' ? data : new TextDecoder().decode(data as Uint8Array))
  }

  connect(): void {
    this.readyState = FakeSocket.OPEN
  }

  say(message: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }))
  }

  close(): void {
    this.readyState = 3
  }
}

const OPENED = { type: 'opened', service: 'web', pod: 'web-1', container: 'web' }
const RESIZED = '{"type":"resize","columns":80,"rows":24}'
let server: FakeSocket
let terminal: TerminalSocket

beforeEach(() => {
  const made = vi.fn<() => FakeSocket>(function make() {
    server = new FakeSocket()
    return server
  })
  vi.stubGlobal('WebSocket', Object.assign(made, { OPEN: FakeSocket.OPEN }))
  vi.stubGlobal('location', { href: 'https://shipyard.example/deployments/dep_a/terminal' })
  const where = { id: 'dep_a' as DeploymentId, service: 'web', pod: '' }
  terminal = new TerminalSocket(where, {
    write: (_, done) => done(),
    size: () => ({ columns: 80, rows: 24 }),
  })
  return () => vi.unstubAllGlobals()
})

/** Longer than anything that waits for nothing. */
const aMoment = async () => new Promise((resolve) => setImmediate(resolve))

it('keeps what is typed before the shell is open, and then sends it in its order', async () => {
  terminal.type('l')
  await aMoment()
  server.connect()
  terminal.type('s\r')
  await aMoment()
  expect(server.sent).toEqual([])
  server.say(OPENED)
  terminal.type('pwd\r')
  await aMoment()
  expect(server.sent).toEqual([RESIZED, 'l', 's\r', 'pwd\r'])
})

it('sends nothing of it when no shell came', async () => {
  server.connect()
  terminal.type('ls\r')
  server.say({ type: 'ended', sentence: 'There is no such pod.', requestId: 'req_a' })
  terminal.type('again\r')
  await aMoment()
  expect([server.sent, terminal.state.kind]).toEqual([[], 'over'])
})
