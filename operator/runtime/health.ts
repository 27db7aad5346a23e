/** `/healthz` and `/readyz`, and `/metrics`, on small servers of their own. */
import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'

// An import reads every export of it, also those for which Node loads all of its fetch: 3 MB.
const { createServer } = process.getBuiltinModule('node:http')

/** What an endpoint says: text, and whether all is well. */
export interface Answer {
  isOk: boolean
  text: string
  contentType?: string
}

export type Endpoints = Readonly<Record<string, () => Answer | Promise<Answer>>>

export interface Address {
  host: string
  port: number
}

export interface RunningServer {
  /** Chosen by the machine where 0 was asked for. */
  readonly port: number
  close(): Promise<void>
}

const REQUEST_TIMEOUT_MS = 5_000

/** @throws when the port is taken */
export async function serve(address: Address, endpoints: Endpoints): Promise<RunningServer> {
  const server = createServer((request, response) => void answer(endpoints, request, response))
  server.requestTimeout = REQUEST_TIMEOUT_MS
  server.headersTimeout = REQUEST_TIMEOUT_MS
  server.listen(address.port, address.host)
  await once(server, 'listening')
  return { port: portOf(server), close: async () => closed(server) }
}

async function answer(
  endpoints: Endpoints,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, text, contentType = 'text/plain' } = await answerTo(endpoints, request)
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

async function answerTo(
  endpoints: Endpoints,
  { method, url = '/' }: IncomingMessage,
): Promise<{ status: number; text: string; contentType?: string }> {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, text: 'Only GET.\n' }
  const path = url.split('?')[0] ?? '/'
  const endpoint = Object.hasOwn(endpoints, path) ? endpoints[path] : undefined
  if (!endpoint) return { status: 404, text: `There is ${Object.keys(endpoints).join(', ')}.\n` }
  try {
    const { isOk, ...rest } = await endpoint()
    return { ...rest, status: isOk ? 200 : 503 }
  } catch (error) {
    return { status: 500, text: `${(error as Error).message}\n` }
  }
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function closed(server: Server): Promise<void> {
  server.close()
  server.closeAllConnections()
  if (server.listening) await once(server, 'close')
}

/** `ok`, or what is wrong, a line each. */
export function verdict(troubles: readonly string[]): Answer {
  return troubles.length === 0
    ? { isOk: true, text: 'ok\n' }
    : { isOk: false, text: troubles.map((trouble) => `${trouble}\n`).join('') }
}
