/** A WebSocket to an API server: the handshake, with what is refused in the API server's own words. */
import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'

import { errorFromStatus, type KubeError } from './kube-error.ts'

export type { WebSocket } from 'ws'

interface Opening {
  /** For messages. */
  readonly what: string
  readonly url: string
  readonly protocol: string
  /** Headers and material for TLS. */
  readonly options: WebSocket.ClientOptions
}

/** Of a refusal's body: a Status fits many times. */
const MAX_ERROR_BYTES = 64 * 1024
/** One message of an API server holds what it has read at once, which is far less. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024

/**
 * Open, and paused at once: what the server says first waits for its reader.
 *
 * @throws {KubeError} the handshake was refused
 * @throws {Error} of the connection; the signal's reason
 */
export async function openWebSocket(
  { what, url, protocol, options }: Opening,
  signal: AbortSignal,
): Promise<WebSocket> {
  signal.throwIfAborted()
  const socket = new WebSocket(url, [protocol], {
    perMessageDeflate: false,
    followRedirects: false,
    maxPayload: MAX_MESSAGE_BYTES,
    ...options,
  })
  const onAbort = (): void => socket.terminate()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => {
        socket.pause()
        resolve()
      })
      socket.once('unexpected-response', (_, response) => {
        refusalOf(what, response)
          .then(reject, reject)
          .finally(() => socket.terminate())
      })
      // It stays: an error that nobody hears ends the process. What breaks later is seen by the close.
      socket.on('error', (error) => reject(signal.aborted ? (signal.reason as Error) : error))
    })
    return socket
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

async function refusalOf(what: string, response: IncomingMessage): Promise<KubeError> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > MAX_ERROR_BYTES) break
  }
  const { statusCode = 0 } = response
  return errorFromStatus(what, statusCode, Buffer.concat(chunks).toString('utf8'))
}
