import { expect, it } from 'vitest'

import { MemoryCluster } from '../testing/memory-cluster.ts'
import { scenario } from '../testing/scenarios.ts'
import { KubeError, type KubeObject } from '../runtime/cluster.ts'
import type { ReconcileContext } from '../runtime/controller-types.ts'
import { carryOut } from './carry-out.ts'
import type { Step } from './plan.ts'
import { renderUserDeployment } from './render.ts'

const service = (spec: object): KubeObject & { spec: object } => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'abcdefghij-web', namespace: 'sandbox-a-b' },
  spec,
})
const step: Step = {
  wanted: service({ clusterIP: '10.96.0.7' }),
  live: undefined,
  otherwise: service({}),
}

/** An API server that refuses the address so many times. @returns the addresses that were asked for */
async function applied(refusals: number, message: string): Promise<unknown[]> {
  const cluster = new MemoryCluster()
  const asked: unknown[] = []
  const apply = cluster.apply.bind(cluster)
  cluster.apply = async (object, options) => {
    const { clusterIP } = (object as unknown as { spec: { clusterIP?: string } }).spec
    asked.push(clusterIP)
    if (clusterIP !== undefined && asked.length <= refusals) {
      throw new KubeError({ status: 422, reason: 'Invalid', message })
    }
    return apply(object, options)
  }
  const context: ReconcileContext = {
    cluster,
    signal: new AbortController().signal,
    now: () => new Date(0),
  }
  expect(await carryOut({ apply: [step], prune: [] }, context, async () => undefined)).toEqual({
    hasChanged: true,
    refusal: undefined,
  })
  return asked
}

const HELD =
  'spec.clusterIPs: Invalid value: failed to allocate IP 10.96.0.7: provided IP is already allocated'

it('gives a Service its address back that is about to be free', async () => {
  expect(await applied(2, HELD)).toEqual(['10.96.0.7', '10.96.0.7', '10.96.0.7'])
})

it('takes another address when somebody else has it by now', async () => {
  const asked = await applied(1_000, HELD)
  expect(asked).toHaveLength(11)
  expect(asked.at(-1)).toBeUndefined()
})

it('takes another address at once when it is none of this cluster', async () => {
  expect(await applied(1_000, 'spec.clusterIPs: Invalid value: not in the valid range')).toEqual([
    '10.96.0.7',
    undefined,
  ])
})

it('makes what a route goes through before the route, and pods last', async () => {
  const cluster = new MemoryCluster()
  const order: string[] = []
  const apply = cluster.apply.bind(cluster)
  cluster.apply = async (object, options) => {
    order.push(`begins ${object.kind}`)
    const answer = await apply(object, options)
    order.push(`has ${object.kind}`)
    return answer
  }
  const { resource, settings } = scenario('own-certificate')
  const steps = renderUserDeployment(resource, settings).map((wanted) => ({ wanted, live: undefined }))
  const context = { cluster, signal: new AbortController().signal, now: () => new Date(0) }
  await carryOut({ apply: steps, prune: [] }, context, async () => undefined)
  expect(order.lastIndexOf('has Middleware')).toBeLessThan(order.indexOf('begins Ingress'))
  expect(order.lastIndexOf('has Ingress')).toBeLessThan(order.indexOf('begins Deployment'))
  expect(order.filter((each) => each === 'has Middleware')).toHaveLength(2)
})
