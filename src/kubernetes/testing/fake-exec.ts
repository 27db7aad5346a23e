/** An API server that does of exec what a test tells it, and remembers what it was asked and sent. */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'

import { connectTransport, type TransportOptions } from '../transport.ts'
import type { SocketTransport } from '../transport-types.ts'

/** One connection, as the server sees it. */
export interface FakeExec {
  readonly socket: WebSocket
  readonly request: IncomingMessage
  /** Messages by their channel, in order. */
  readonly got: { channel: number; text: string }[]
  /** Pings that came. */
  readonly pings: number
  say(channel: number, bytes: string | Buffer): void
  /** The program ends. */
  end(status: object): void
}

interface FakeExecServer {
  readonly transport: SocketTransport
  /** The connection that comes next. */
  next(): Promise<FakeExec>
  /** Handshakes are answered with this instead; with nothing at all where the status is 0. */
  refuse(status: number, body?: string): void
  readonly handshakes: number
}

/** Both are closed after the test. */
export async function fakeExecServer(options: TransportOptions = {}): Promise<FakeExecServer> {
  const server = createServer()
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v5.channel.k8s.io' })
  const waiting: ((exec: FakeExec) => void)[] = []
  let refusal: { status: number; body: string } | undefined
  let handshakes = 0
  server.on('upgrade', (request, stream, head) => {
    handshakes++
    if (refusal) {
      const { status, body } = refusal
      if (status !== 0)
        stream.end(`HTTP/1.1 ${status} No\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
      return
    }
    sockets.handleUpgrade(request, stream, head, (socket) => waiting.shift()?.(execOf(socket, request)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const transport = connectTransport({
    credentials: {
      server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      namespace: undefined,
      current: async (now) => ({ tls: {}, headers: { authorization: now ? 'Bearer new' : 'Bearer old' } }),
    },
    ...options,
  })
  onTestFinished(async () => {
    await transport.close()
    for (const socket of sockets.clients) socket.terminate()
    server.close()
  })
  return {
    transport,
    next: async () => new Promise((resolve) => waiting.push(resolve)),
    refuse: (status, body = '') => void (refusal = { status, body }),
    get handshakes() {
      return handshakes
    },
  }
}

function execOf(socket: WebSocket, request: IncomingMessage): FakeExec {
  const got: FakeExec['got'] = []
  let pings = 0
  socket.on('ping', () => pings++)
  socket.on('message', (data: Buffer) => got.push({ channel: data[0] ?? -1, text: data.toString('utf8', 1) }))
  const say = (channel: number, bytes: string | Buffer): void =>
    socket.send(Buffer.concat([Buffer.of(channel), Buffer.from(bytes)]))
  return {
    socket,
    request,
    got,
    get pings() {
      return pings
    },
    say,
    end(status) {
      say(3, JSON.stringify(status))
      socket.close()
    },
  }
}
