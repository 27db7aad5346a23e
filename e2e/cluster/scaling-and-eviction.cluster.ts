/** How many pods there are: by the load, and while nodes are emptied. */
import { expect, inject, it } from 'vitest'

import { smallService } from '../../src/contract/testing/specs.ts'
import { atLevel, skipUnless } from '../../src/testing/levels.ts'
import { eventually } from '../fixtures/cluster.ts'
import { deploy } from '../fixtures/operator.ts'
import { useOperator } from '../fixtures/use-operator.ts'

atLevel(2, () => {
  skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
    const world = useOperator('enterprise')
    const { cluster } = world

    const small = {
      image: 'registry.localhost/shipyard/busybox:1',
      runAsUser: 65_532,
      ports: [],
      resources: { requests: { cpu: '20m', memory: '16Mi' }, limits: { cpu: '60m', memory: '32Mi' } },
    }

    it('has more pods under load, and the operator leaves their number alone', async () => {
      const busy = smallService({
        ...small,
        command: ['/bin/sh', '-c', 'while :; do :; done'],
        autoscaling: { minReplicas: 1, maxReplicas: 2, targetCpuPercent: 50 },
      })
      const deployed = await deploy(cluster, world.tenant, { services: [busy], ingress: undefined })
      await deployed.until(60_000, ({ phase }) => phase === 'Ready')
      const status = await deployed.until(150_000, ({ services }) => services[0]?.ready === 2)
      expect(status.conditions.find(({ type }) => type === 'ScalingActive')).toMatchObject({
        status: 'True',
        reason: 'LoadMeasured',
      })
      // Another change of the deployment keeps the number that the load has asked for.
      await deployed.change({
        revision: 2,
        services: [{ ...busy, env: [{ name: 'CHANGED', value: 'yes' }] }],
      })
      await deployed.until(90_000, ({ readyRevision }) => readyRevision === 2)
      expect((await deployed.status())?.services).toMatchObject([{ desired: 2, ready: 2 }])
      expect(await world.operator.idleWrites()).toBe(0)
    })

    it('lets one pod of several be moved at a time', async () => {
      const idle = smallService({ ...small, command: ['/bin/sleep', '1000000'], replicas: 2 })
      const deployed = await deploy(cluster, world.tenant, { services: [idle], ingress: undefined })
      await deployed.until(60_000, ({ phase }) => phase === 'Ready')
      const pods = await deployed.children<{ metadata: { name: string } }>('v1', 'Pod')
      const evict = async (name: string): Promise<unknown> => {
        const metadata = { name, namespace: world.tenant.namespace }
        const content = JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata })
        const path = `/api/v1/namespaces/${world.tenant.namespace}/pods/${name}/eviction`
        return cluster.call('POST', path, { type: 'application/json', content })
      }
      const [first = '', second = ''] = pods.map(({ metadata }) => metadata.name)
      // Until the budget has been counted, nothing may go.
      await eventually(30_000, async () => evict(first))
      await expect(evict(second)).rejects.toThrow(/429|disruption budget/)
      await deployed.until(90_000, ({ phase, services }) => phase === 'Ready' && services[0]?.ready === 2)
      await eventually(30_000, async () => evict(second))
    })
  })
})
