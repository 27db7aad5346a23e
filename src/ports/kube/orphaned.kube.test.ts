/** A custom resource is deleted without what was made of it: all of that is found, and the server may remove it. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import { bind } from '../../../deploy/local/access.ts'
import { eventually } from '../../../e2e/fixtures/cluster.ts'
import { deploy, TURN_TIMEOUT_MS, type Deployed } from '../../../e2e/fixtures/operator.ts'
import { useOperator } from '../../../e2e/fixtures/use-operator.ts'
import { MADE_KINDS } from '../../../operator/user-deployment/caches.ts'
import { LABELS } from '../../contract/crd/meta.ts'
import { idBody } from '../../contract/ids.ts'
import type { UserDeploymentSpecInput } from '../../contract/crd/user-deployment.ts'
import { smallService } from '../../contract/testing/specs.ts'
import { atLevel } from '../../testing/levels.ts'
import { createKube } from './kubernetes.ts'
import type { OwnedObject } from './port.ts'

/** Every kind that a deployment can be made of. No pod has to run for that. */
const everything = (path: string): Partial<UserDeploymentSpecInput> => ({
  ingress: { service: 'web', port: 8080, redirectToHttps: true },
  services: [
    smallService({
      configFiles: [{ path: '/etc/hello/message.txt', content: 'hello\n' }],
      autoscaling: { minReplicas: 2, maxReplicas: 4 },
    }),
    smallService({ name: 'data', replicas: 0, volumes: [{ name: 'data', path: '/data', size: '1Mi' }] }),
    smallService({
      name: 'job',
      replicas: 0,
      secrets: [{ path, version: 1, keys: [{ key: 'TOKEN', env: 'TOKEN' }] }],
    }),
  ],
})

const kindsOf = (objects: readonly OwnedObject[]): string[] =>
  [...new Set(objects.map(({ kind }) => kind))].toSorted()

// The collector hears of a new kind after half a minute, and until then it leaves none of that kind behind.
atLevel(2, () => {
  const world = useOperator('enterprise')
  const { cluster } = world
  const kube = createKube({ kubeconfig: join(inject('stackFolder'), 'kubeconfig/shipyard-server.yaml') })

  beforeAll(async () => {
    await cluster.apply(bind('shipyard-server', 'shipyard-server', 'shipyard-server'))
  }, TURN_TIMEOUT_MS)
  afterAll(async () => kube.close())

  async function childrenOf({ name }: Deployed): Promise<OwnedObject[]> {
    const all = await kube.listOwned()
    return all.filter(({ kind, labels }) => kind !== 'UserDeployment' && labels[LABELS.deployment] === name)
  }
  /** Made whole, and deleted by somebody with `kubectl delete --cascade=orphan`. */
  async function orphaned(): Promise<Deployed> {
    const path = `users/${idBody(world.tenant.owner.userId)}/secrets`
    const deployed = await deploy(cluster, world.tenant, everything(path))
    await eventually(60_000, async () => {
      const children = await childrenOf(deployed)
      expect(kindsOf(children)).toEqual(MADE_KINDS.toSorted())
      expect(children.filter(({ hasOwner }) => !hasOwner)).toEqual([])
    })
    await deployed.delete('Orphan')
    await eventually(60_000, async () => expect(deployed.status()).rejects.toThrow('404'))
    return deployed
  }

  it(
    'finds and removes every kind of object that a deployment left behind',
    { timeout: 240_000 },
    async () => {
      const deployed = await eventually(150_000, async () => {
        const tried = await orphaned()
        expect(kindsOf((await childrenOf(tried)).filter(({ hasOwner }) => !hasOwner))).toEqual(
          MADE_KINDS.toSorted(),
        )
        return tried
      })
      await eventually(60_000, async () => {
        for (const each of await childrenOf(deployed)) await kube.deleteOwned(each)
        expect(await childrenOf(deployed)).toEqual([])
      })
    },
  )
})
