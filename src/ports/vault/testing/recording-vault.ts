import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

interface RecordedCall {
  readonly method: string
  /** As it came over the wire, encoded. */
  readonly url: string
  readonly token: string | undefined
  readonly body: string
}

export interface RecordingVault {
  readonly address: string
  readonly calls: RecordedCall[]
  /** Calls to anything but `auth/token/*`. */
  secretCalls(): RecordedCall[]
  close(): Promise<void>
}

type Answer = { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }

/** Answers like this to a call; undefined never answers at all. */
type Script = (call: RecordedCall) => Answer | undefined

/** An HTTP server in Vault's place that writes down what it is asked. */
export async function recordingVault(script: Script): Promise<RecordingVault> {
  const calls: RecordedCall[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = {
      method: request.method ?? '',
      url: request.url ?? '',
      token: request.headers['x-vault-token'] as string | undefined,
      body: await text(request),
    }
    calls.push(call)
    const scripted = script(call)
    if (!scripted) return
    response.writeHead(scripted.status, { 'content-type': 'application/json', ...scripted.headers })
    response.end(scripted.body === undefined ? '' : JSON.stringify(scripted.body))
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    secretCalls: () => calls.filter(({ url }) => !url.startsWith('/v1/auth/')),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What `lookup-self` and `renew-self` answer for a token of this life. */
export const tokenAnswer = (ttlSeconds: number, renewable = true): Answer => ({
  status: 200,
  body: {
    data: { ttl: ttlSeconds, renewable },
    auth: { lease_duration: ttlSeconds, renewable, client_token: 'x' },
  },
})

export const written = (version: number): Answer => ({ status: 200, body: { data: { version } } })
