/** The API server of the tests' stack, through our own transport. For `*.kube.test.ts`. */
import { randomBytes } from 'node:crypto'
import { inject, onTestFinished } from 'vitest'
import { resourcePath } from '../path.ts'
import { RESOURCES } from '../resources.ts'
import { connectTransport } from '../transport.ts'
import type { Transport } from '../transport-types.ts'

/** As the administrator; closed after the test. */
export function realTransport(): Transport {
  // Provided by e2e/stack/kube.ts, whose types this room does not see.
  const { KUBECONFIG: kubeconfig } = inject('stackEnv' as never) as Record<string, string>
  if (kubeconfig === undefined) throw new Error('The stack of these tests has no API server.')
  const transport = connectTransport({ kubeconfig, userAgent: 'shipyard-test' })
  onTestFinished(async () => transport.close())
  return transport
}

/** A new namespace, deleted after the test. */
export async function newNamespace(transport: Transport): Promise<string> {
  const name = `test-${randomBytes(5).toString('hex')}`
  const metadata = { name }
  await transport.request({
    method: 'POST',
    path: resourcePath(RESOURCES.Namespace),
    body: { apiVersion: 'v1', kind: 'Namespace', metadata },
  })
  onTestFinished(async () => {
    await transport.request({ method: 'DELETE', path: resourcePath({ ...RESOURCES.Namespace, name }) })
  })
  return name
}
