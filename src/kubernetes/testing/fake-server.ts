/** An HTTP(S) server that does what a test tells it, faults included, and remembers everything it was asked. */
import { once } from 'node:events'
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { CredentialSource } from '../credentials.ts'
import type { KeyPair } from './certificates.ts'

export interface Asked {
  method: string
  /** Path and query exactly as they came over the wire. */
  url: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: string
}

type Handler = (asked: Asked, response: ServerResponse) => void | Promise<void>

export interface FakeServer {
  readonly origin: string
  readonly asked: Asked[]
  /** Connections that were ever made. */
  readonly connections: number
  /** Connections that are open now. */
  readonly open: number
  /** What is done from now on. */
  answer(handler: Handler): void
  /** Cuts all connections, as a machine that falls over does. */
  cut(): void
  /** As a source for a transport without a kubeconfig. */
  credentials(extra?: Partial<Awaited<ReturnType<CredentialSource['current']>>>): CredentialSource
  close(): Promise<void>
}

interface ServerOptions {
  tls?: KeyPair
  /** A client has to have this certificate. */
  clientCert?: string
  port?: number
}

export async function startFakeServer({
  tls,
  clientCert,
  port = 0,
}: ServerOptions = {}): Promise<FakeServer> {
  const asked: Asked[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  let handler: Handler = (_, response) => json(response, 200, {})
  const serveOne = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const each = await received(request)
    asked.push(each)
    await handler(each, response)
  }
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void serveOne(request, response)
  }
  const server = tls
    ? createHttps(
        { ...tls, ...(clientCert ? { ca: clientCert, requestCert: true, rejectUnauthorized: true } : {}) },
        listener,
      )
    : createHttp(listener)
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const origin = `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    origin,
    asked,
    get connections() {
      return connections
    },
    get open() {
      return sockets.size
    },
    answer: (next) => void (handler = next),
    cut,
    credentials: (extra = {}) => ({
      server: origin,
      namespace: undefined,
      current: (() => {
        const fixed = { tls: tls ? { ca: Buffer.from(tls.cert) } : {}, headers: {}, ...extra }
        return async () => fixed
      })(),
    }),
    async close() {
      cut()
      server.close()
      if (server.listening) await once(server, 'close')
    },
  }
}

async function received(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = []
  request.on('error', () => {})
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const url = request.url ?? ''
  const question = url.indexOf('?')
  return {
    method: request.method ?? '',
    url,
    path: question === -1 ? url : url.slice(0, question),
    query: new URLSearchParams(question === -1 ? '' : url.slice(question + 1)),
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  }
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** A Status, as the API server refuses. */
export function refuse(response: ServerResponse, code: number, fields: object = {}): void {
  const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message: 'refused', ...fields }
  json(response, code, status)
}
