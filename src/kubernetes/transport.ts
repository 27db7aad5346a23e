/**
 * The one way to an API server: a kept-alive pool for calls and one for streams, per cluster and user. The official
 * client opens a connection, with a TLS handshake, for every call (docs/decisions/011).
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { buildConnector as Connectors } from 'undici'
import { readable, refusal, type Answer } from './answer.ts'
import { systemClock, type Clock, type Random } from './clock.ts'
import { pauseBeforeRetry } from './call-retry.ts'
import { loadCredentials, type CredentialSource, type TlsMaterial } from './credentials.ts'
import { isUnauthorized, KubeError } from './kube-error.ts'
import { queryString } from './path.ts'
import { Agent, buildConnector, send } from './http-client.ts'
import { callDeadline } from './call-deadline.ts'
import type {
  KubeRequest,
  KubeStream,
  SocketRequest,
  SocketTransport,
  TransportCounts,
} from './transport-types.ts'
import { openWebSocket, type WebSocket } from './web-socket.ts'

export interface TransportOptions {
  /** Path of a kubeconfig, or several as in `KUBECONFIG`; absent: the usual places, then the pod's own account. */
  kubeconfig?: string
  /** Instead of a kubeconfig. */
  credentials?: CredentialSource
  userAgent?: string
  /** For each call that names none. */
  timeoutMs?: number
  clock?: Clock
  random?: Random
}

/** Enough to fill an API server from one process; with more, calls wait here instead of there. */
const CALL_CONNECTIONS = 16
const CONNECT_TIMEOUT_MS = 5_000
const DEFAULT_TIMEOUT_MS = 10_000
/** Below the API server's own 90 s, so that it is never the server who closes first. */
const KEEP_ALIVE_MS = 60_000
/** A dead peer is noticed about ten seconds after it stopped answering probes. */
const TCP_PROBE_AFTER_MS = 15_000

interface Pools {
  readonly tls: TlsMaterial
  readonly calls: Agent
  /** Apart from the calls: watches and logs last, and any number of them may be open. */
  readonly streams: Agent
}

type Kind = 'calls' | 'streams'

/**
 * Connects lazily: nothing is sent before the first call.
 *
 * @throws {KubeConfigError}
 */
export function connectTransport(options: TransportOptions = {}): SocketTransport {
  const clock = options.clock ?? systemClock
  const credentials = options.credentials ?? loadCredentials(options.kubeconfig, clock)
  return new PooledTransport(credentials, {
    userAgent: 'shipyard',
    timeoutMs: DEFAULT_TIMEOUT_MS,
    random: Math.random,
    ...options,
    clock,
  })
}

type Settings = Required<Pick<TransportOptions, 'userAgent' | 'timeoutMs' | 'clock' | 'random'>>

class PooledTransport implements SocketTransport {
  readonly counts: TransportCounts = { handshakes: 0, requests: 0, retries: 0 }
  readonly server: string
  readonly namespace: string | undefined
  readonly #credentials: CredentialSource
  readonly #settings: Settings
  readonly #retired = new Set<Promise<void>>()
  readonly #sockets = new Set<WebSocket>()
  #pools: Pools | undefined
  #isClosed = false

  constructor(credentials: CredentialSource, settings: Settings) {
    this.#credentials = credentials
    this.#settings = settings
    this.server = credentials.server
    this.namespace = credentials.namespace
  }

  async request<T>(request: KubeRequest): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        const text = await this.#textOf(await this.#answerOf('calls', request))
        return (text === '' ? undefined : parse(request, text)) as T
      } catch (error) {
        const { clock, random } = this.#settings
        const again = await pauseBeforeRetry({ error, request, attempt, clock, random })
        if (!again) throw error
        this.counts.retries++
      }
    }
  }

  async stream(request: KubeRequest): Promise<KubeStream> {
    const { response, deadline } = await this.#answerOf('streams', request)
    deadline.lift()
    const { body, statusCode: status, headers } = response
    return { status, headers, body: readable(body, deadline) }
  }

  async openSocket(request: SocketRequest): Promise<WebSocket> {
    const socket = await this.#withFreshOnes(async (refresh) => this.#socketAttempt(request, refresh))
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    return socket
  }

  async #socketAttempt(request: SocketRequest, refresh: boolean): Promise<WebSocket> {
    const { clock, timeoutMs: usual, userAgent } = this.#settings
    const { path, query, protocol, signal, timeoutMs = usual } = request
    const what = `WebSocket ${path}`
    const deadline = callDeadline({ what, clock, signal, timeoutMs })
    try {
      const { tls, headers } = await deadline.guard(this.#credentials.current(refresh))
      this.#assertOpen()
      this.counts.handshakes++
      this.counts.requests++
      const url = `${this.server.replace(/^http/, 'ws')}${path}${queryString(query)}`
      const options = { headers: { 'user-agent': userAgent, ...headers }, ...tls }
      return await deadline.guard(openWebSocket({ what, url, protocol, options }, deadline.signal))
    } finally {
      deadline.release()
    }
  }

  async #textOf({ response, deadline }: Answer): Promise<string> {
    try {
      const text = await deadline.guard(response.body.text())
      // Until then the connection counts as busy, and the next call of the same caller would open another.
      await nextTurn()
      return text
    } finally {
      deadline.release()
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const pools = this.#pools
    this.#pools = undefined
    const reason = new KubeError({
      status: 0,
      reason: 'Closed',
      message: 'The connection to the cluster was closed.',
    })
    for (const socket of this.#sockets) socket.terminate()
    if (pools) await Promise.all([pools.calls.destroy(reason), pools.streams.destroy(reason)])
    await Promise.all(this.#retired)
  }

  async #answerOf(kind: Kind, request: KubeRequest): Promise<Answer> {
    return this.#withFreshOnes(async (refresh) => this.#attempt(kind, request, refresh))
  }

  /** One attempt, and a second one with fresh credentials where the first ones were refused. */
  async #withFreshOnes<T>(attempt: (refresh: boolean) => Promise<T>): Promise<T> {
    try {
      return await attempt(false)
    } catch (error) {
      if (!isUnauthorized(error)) throw error
      this.counts.retries++
      return attempt(true)
    }
  }

  async #attempt(kind: Kind, request: KubeRequest, refresh: boolean): Promise<Answer> {
    const { clock, timeoutMs, userAgent } = this.#settings
    const what = nameOf(request)
    const deadline = callDeadline({
      what,
      clock,
      signal: request.signal,
      timeoutMs: request.timeoutMs ?? timeoutMs,
    })
    try {
      const { tls, headers } = await deadline.guard(this.#credentials.current(refresh))
      const dispatcher = this.#poolsFor(tls)[kind]
      this.counts.requests++
      const response = await deadline.guard(
        send(
          dispatcher,
          {
            origin: this.server,
            path: `${request.path}${queryString(request.query)}`,
            method: request.method,
            headers: { 'user-agent': userAgent, ...headers, ...contentHeaders(request) },
            body: bodyOf(request),
            signal: deadline.signal,
            // Time-outs are the deadline's; a quiet watch is none.
            headersTimeout: 0,
            bodyTimeout: 0,
          },
          request.beforehand,
        ),
      )
      if (response.statusCode >= 400) throw await refusal(what, { response, deadline })
      return { response, deadline }
    } catch (error) {
      deadline.release()
      throw error
    }
  }

  #assertOpen(): void {
    const message = 'The connection to the cluster is closed.'
    if (this.#isClosed) throw new KubeError({ status: 0, reason: 'Closed', message })
  }

  #poolsFor(tls: TlsMaterial): Pools {
    this.#assertOpen()
    if (this.#pools?.tls === tls) return this.#pools
    if (this.#pools) this.#retire(this.#pools)
    const connect = this.#countingConnector(tls)
    const shared = {
      connect,
      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
    }
    this.#pools = {
      tls,
      calls: new Agent({ ...shared, connections: CALL_CONNECTIONS }),
      streams: new Agent(shared),
    }
    return this.#pools
  }

  /** What is under way ends in its own time, over the connections it has. */
  #retire({ calls, streams }: Pools): void {
    for (const agent of [calls, streams]) {
      const closing = agent.close().finally(() => this.#retired.delete(closing))
      this.#retired.add(closing)
    }
  }

  #countingConnector(tls: TlsMaterial): Connectors.connector {
    const connect = buildConnector({
      ...tls,
      timeout: CONNECT_TIMEOUT_MS,
      allowH2: false,
      keepAlive: true,
      keepAliveInitialDelay: TCP_PROBE_AFTER_MS,
    })
    return (options, callback) => {
      this.counts.handshakes++
      connect(options, callback)
    }
  }
}

function nameOf({ method, path }: KubeRequest): string {
  return `${method} ${path}`
}

function contentHeaders({ body, contentType, accept }: KubeRequest): Record<string, string> {
  return {
    accept: accept ?? 'application/json',
    ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
  }
}

function bodyOf({ body }: KubeRequest): string | null {
  if (body === undefined) return null
  return typeof body === 'string' ? body : JSON.stringify(body)
}

function parse(request: KubeRequest, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const message = `${nameOf(request)} was answered with what is no JSON: ${text.slice(0, 100)}`
    throw new KubeError({ status: 0, reason: 'InvalidAnswer', message, cause })
  }
}
