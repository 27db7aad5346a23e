/** A server and a transport to it, both closed after the test. */
import { onTestFinished } from 'vitest'
import { KubeError } from '../kube-error.ts'
import { resourcePath } from '../path.ts'
import { connectTransport, type TransportOptions } from '../transport.ts'
import type { KubeRequest, Transport } from '../transport-types.ts'
import { startFakeServer, type FakeServer } from './fake-server.ts'

export const PODS = resourcePath({ group: '', version: 'v1', plural: 'pods', namespace: 'a' })
export const GET_PODS: KubeRequest = { method: 'GET', path: PODS }

export async function serverAndTransport(
  options: TransportOptions = {},
): Promise<{ server: FakeServer; transport: Transport }> {
  const server = await startFakeServer()
  return { server, transport: transportTo(server, options) }
}

/** Closes the server too. */
export function transportTo(server: FakeServer, options: TransportOptions = {}): Transport {
  const transport = connectTransport({ credentials: server.credentials(), random: () => 0, ...options })
  onTestFinished(async () => {
    await transport.close()
    await server.close()
  })
  return transport
}

/** What a call was refused with. @throws when it was not */
export async function errorOf(promise: Promise<unknown>): Promise<KubeError> {
  const outcome: unknown = await promise.then(
    (value) => new Error(`It was not refused, but: ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  if (outcome instanceof KubeError) return outcome
  throw outcome as Error
}
