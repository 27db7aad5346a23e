/** What an organisation has for itself: nodes that others keep away from, and images behind a password. */
import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import { idBody } from '../../src/contract/ids.ts'
import { smallService } from '../../src/contract/testing/specs.ts'
import { atLevel, skipUnless } from '../../src/testing/levels.ts'
import { writeVault } from '../fixtures/cluster.ts'
import { giveNodes } from '../fixtures/nodes.ts'
import { deploy, type Tenant } from '../fixtures/operator.ts'
import { privateRegistry } from '../fixtures/private-registry.ts'
import { useOperator } from '../fixtures/use-operator.ts'

atLevel(2, () => {
  skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
    const world = useOperator('enterprise')
    const { cluster } = world
    let own: Tenant
    let other: Tenant

    beforeAll(async () => {
      own = world.tenant
      other = await world.newTenant('enterprise')
    })
    afterAll(async () => giveNodes(cluster, { to: undefined }))

    const health = { http: { path: '/readyz', port: 8080 }, periodSeconds: 1 }
    const app = { services: [smallService({ health })], ingress: undefined }
    const dedicated = { ...app, network: { isolation: 'dedicated' as const } }

    it('runs dedicated deployments on nodes of the organisation, and nobody else there', async () => {
      const early = await deploy(cluster, own, dedicated)
      const waiting = await early.until(60_000, ({ conditions }) =>
        conditions.some(({ reason }) => reason === 'Unschedulable'),
      )
      expect(waiting.phase).not.toBe('Ready')
      await giveNodes(cluster, { to: own.owner.orgId, alone: true })
      await early.until(90_000, ({ phase }) => phase === 'Ready')

      const kept = [await deploy(cluster, other, dedicated), await deploy(cluster, other, app)]
      for (const each of kept) {
        await each.until(60_000, ({ conditions }) =>
          conditions.some(({ reason }) => reason === 'Unschedulable'),
        )
      }
      await giveNodes(cluster, { to: undefined })
      await kept[1]?.until(90_000, ({ phase }) => phase === 'Ready')
      expect((await kept[0]?.status())?.phase).not.toBe('Ready')
    })

    it('pulls an image by credentials that come from Vault, and for nobody else on the node', async () => {
      const { image, host, username, password } = await privateRegistry('shipyard/own-hello')
      const path = `orgs/${idBody(own.owner.orgId)}/secrets`
      const version = await writeVault(path, { REGISTRY_USER: username, REGISTRY_PASSWORD: password })
      const services = [smallService({ image, health })]
      const deployed = await deploy(cluster, own, { services, ingress: undefined })
      const status = await deployed.until(60_000, ({ conditions }) =>
        conditions.some(({ reason }) => reason === 'ImagePullDenied'),
      )
      expect(status.phase).not.toBe('Ready')
      const keys = { usernameKey: 'REGISTRY_USER', passwordKey: 'REGISTRY_PASSWORD' }
      await deployed.change({ pullSecrets: [{ registry: host, path, version, ...keys }] })
      const ready = await deployed.until(90_000, ({ phase }) => phase === 'Ready')
      expect(JSON.stringify(ready)).not.toContain(password)
      const [secret] = await deployed.children<{ type: string; immutable: boolean }>('v1', 'Secret')
      expect(secret).toMatchObject({ type: 'kubernetes.io/dockerconfigjson', immutable: true })

      // By now the node has the image. Who has no credentials for it is refused all the same.
      const stranger = await deploy(cluster, other, { services, ingress: undefined })
      await stranger.until(60_000, ({ conditions }) =>
        conditions.some(({ reason }) => reason === 'ImagePullDenied'),
      )
    })
  })
})
