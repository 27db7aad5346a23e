import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TestCertificate } from './certificate.ts'

export interface RecordedCall {
  readonly method: string
  readonly url: string
  readonly host: string | undefined
  readonly authorization: string | undefined
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface RecordingRegistry {
  readonly port: number
  /** `http(s)://127.0.0.1:port` */
  readonly origin: string
  readonly calls: RecordedCall[]
  readonly close: () => Promise<void>
}

/** A server in a registry's place that writes down what it is asked; undefined never answers. */
export async function recordingRegistry(
  script: (call: RecordedCall) => Reply | undefined,
  certificate?: TestCertificate,
): Promise<RecordingRegistry> {
  const calls: RecordedCall[] = []
  const answer = ({ method = '', url = '', headers }: IncomingMessage, response: ServerResponse): void => {
    const call = { method, url, host: headers.host, authorization: headers.authorization }
    calls.push(call)
    const reply = script(call)
    if (!reply) return
    response.writeHead(reply.status, reply.headers)
    response.end(method === 'HEAD' ? undefined : reply.body)
  }
  const server: Server = certificate ? createHttps(certificate, answer) : createHttp(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    origin: `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`,
    calls,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
