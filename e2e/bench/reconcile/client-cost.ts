/** What a call costs by our transport, beside a client that does nothing but keep its connection. */
import { Agent, request as httpsRequest } from 'node:https'

import { metric, type BenchContext, type Metric } from '../../../deploy/dev/bench/definition.ts'
import { spreadOf } from '../../../deploy/dev/bench/statistics.ts'
import { readKubeconfig } from '../../../deploy/local/cluster-api.ts'
import { resourcePath } from '../../../src/kubernetes/path.ts'
import { RESOURCES } from '../../../src/kubernetes/resources.ts'
import { connectTransport } from '../../../src/kubernetes/transport.ts'

const path = resourcePath({
  ...RESOURCES.ConfigMap,
  namespace: 'kube-system',
  name: 'extension-apiserver-authentication',
})

export async function measureClient(kubeconfig: string, { full, say }: BenchContext): Promise<Metric[]> {
  say('calls of the client')
  const calls = full ? 2_000 : 300
  const rounds = full ? 7 : 3
  const transport = connectTransport({ kubeconfig })
  const raw = rawClient(kubeconfig)
  try {
    const ours = async (): Promise<unknown> => transport.request({ method: 'GET', path })
    const ratios: number[] = []
    for (let round = 0; round <= rounds; round++) {
      const floorMs = await cpuOf(calls, async () => raw.get(path))
      const oursMs = await cpuOf(calls, ours)
      // The first is for the compiler.
      if (round > 0) ratios.push(oursMs / floorMs)
    }
    const { median, min, max } = spreadOf(ratios)
    const note = `${min.toFixed(2)} to ${max.toFixed(2)}, ${rounds} rounds of ${calls} calls`
    return [metric({ key: 'client CPU', value: median, unit: '× node:https', atMost: 1.5, note })]
  } finally {
    raw.close()
    await transport.close()
  }
}

async function cpuOf(calls: number, call: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  for (let done = 0; done < calls; done++) await call()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function rawClient(kubeconfig: string): { get(at: string): Promise<unknown>; close(): void } {
  const { origin, ca, cert, key } = readKubeconfig(kubeconfig)
  const { hostname, port } = new URL(origin)
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca, cert, key })
  return {
    get: async (at) =>
      new Promise((resolve, reject) => {
        const call = httpsRequest({ hostname, port, path: at, agent, timeout: 10_000 }, (answer) => {
          const chunks: Buffer[] = []
          answer.on('data', (chunk: Buffer) => chunks.push(chunk))
          answer.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())))
          answer.on('error', reject)
        })
        call.on('error', reject)
        call.end()
      }),
    close: () => agent.destroy(),
  }
}
