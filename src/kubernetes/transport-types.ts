/** The face of the transport: one connection pool of one user of one cluster. */
import type { WebSocket } from 'ws'

import type { KubePath, Query } from './path.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface KubeRequest {
  method: Method
  path: KubePath
  query?: Query
  /** Sent as JSON; text is sent as it is. */
  body?: unknown
  /** Default `application/json`. */
  contentType?: string
  accept?: string
  signal?: AbortSignal
  /** Until the headers of the answer (and its whole body, for {@link Transport.request}) are there. Default 10 s. */
  timeoutMs?: number
  /**
   * Asked at the moment when it goes out, however long it waited for a connection, and again for each attempt. What it
   * throws ends the call: nothing is sent.
   */
  beforehand?: () => void
}

/** An answer whose body is read as it comes. The body has no time-out: its reader watches over silence. */
export interface KubeStream {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** Ends the connection when its loop is left. A break of the connection throws {@link KubeError}. */
  body: AsyncIterable<Buffer>
}

export interface TransportCounts {
  /** TLS handshakes (TCP connections, for a server without TLS) since the start. */
  handshakes: number
  requests: number
  /** Requests sent again: after 429, a lost connection or a new token. */
  retries: number
}

/**
 * Calls to the API server. Errors: {@link KubeError} for every answer of 400 and more, for a time-out
 * (`status` 0, `reason` `Timeout`) and for a connection that failed (`ConnectionFailed`); the signal's reason
 * when the caller aborted.
 */
export interface Transport {
  /** The answer parsed as JSON; `undefined` for an empty one. Answers of 429 are retried a few times. */
  request<T = unknown>(request: KubeRequest): Promise<T>
  /** The answer as it comes: watches and logs. */
  stream(request: KubeRequest): Promise<KubeStream>
  readonly counts: Readonly<TransportCounts>
  /** `https://host:port`, for messages and metrics. */
  readonly server: string
  /** The namespace that the kubeconfig or the pod names, if any. */
  readonly namespace: string | undefined
  /** Ends all connections, those of streams too. */
  close(): Promise<void>
}

export interface SocketRequest {
  path: KubePath
  query?: Query
  /** What is spoken over it; a server that does not know it refuses. */
  protocol: string
  /** Until it is open. */
  signal?: AbortSignal
  /** Until it is open. Default 10 s. */
  timeoutMs?: number
}

/** The same with the way to what is spoken in both directions. */
export interface SocketTransport extends Transport {
  /**
   * A WebSocket by the same credentials, open and paused: nothing is lost before somebody listens and resumes it.
   * Errors as those of a call.
   */
  openSocket(request: SocketRequest): Promise<WebSocket>
}
