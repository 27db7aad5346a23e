/** The smallest objects to write, in a namespace of a test's own on the real API server. */
import type { KubeObject } from '../object.ts'
import type { Transport } from '../transport-types.ts'
import { newNamespace, realTransport } from './real-cluster.ts'

export interface ConfigMap extends KubeObject {
  data?: Record<string, string>
}

export const map = (namespace: string, data: Record<string, string>): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace },
  data,
})

export async function start(): Promise<{ transport: Transport; namespace: string }> {
  const transport = realTransport()
  return { transport, namespace: await newNamespace(transport) }
}
