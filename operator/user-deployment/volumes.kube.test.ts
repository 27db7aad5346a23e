/** What becomes of volumes: kept or removed, grown where their class allows it. By a real API server. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { eventually, openCluster } from '../../e2e/fixtures/cluster.ts'
import {
  createTenant,
  deploy,
  installOperator,
  startOperator,
  takeTurn,
  TURN_TIMEOUT_MS,
  type Deployed,
  type RunningOperator,
  type Tenant,
} from '../../e2e/fixtures/operator.ts'
import { smallService } from '../../src/contract/testing/specs.ts'
import { atLevel } from '../../src/testing/levels.ts'
import { newId } from '../../src/contract/ids.ts'

interface Claim {
  metadata: { name: string; ownerReferences?: { kind: string }[] }
  spec: { resources: { requests: { storage: string } } }
  status: { phase: string }
}

const cluster = openCluster()
/** Classes and volumes belong to nobody's namespace. */
const own = newId('dep').slice(4, 14)
let operator: RunningOperator
let tenant: Tenant
let endTurn: () => Promise<void>

beforeAll(async () => {
  endTurn = await takeTurn(cluster)
  await installOperator(cluster)
  operator = await startOperator()
  tenant = await createTenant(cluster, 'enterprise')
  for (const [name, allowVolumeExpansion] of [
    ['grows', true],
    ['fixed', false],
  ] as const) {
    await cluster.apply({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: `${name}-${own}` },
      provisioner: 'shipyard.localhost/nobody',
      allowVolumeExpansion,
    })
  }
}, TURN_TIMEOUT_MS)
afterAll(async () => {
  await cluster.delete(`/api/v1/namespaces/${tenant.namespace}`)
  await operator.stop()
  await endTurn()
  await cluster.close()
})

interface Wish {
  size?: string
  storageClass?: string
  keepAfterDelete?: boolean
}

// No pod has to run for it to be ready.
const withVolume = (wish: Wish) => ({
  services: [smallService({ replicas: 0, volumes: [{ name: 'data', path: '/data', size: '1Gi', ...wish }] })],
  ingress: undefined,
})

async function claimOf(deployed: Deployed): Promise<Claim | undefined> {
  return (await deployed.children<Claim>('v1', 'PersistentVolumeClaim'))[0]
}

/** In the place of who makes volumes: one that fits, which the binder gives to the claim. */
async function bind(deployed: Deployed, storageClassName: string): Promise<void> {
  const claim = await claimOf(deployed)
  const name = claim?.metadata.name ?? ''
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `${own}-${name}` },
    spec: {
      storageClassName,
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      claimRef: { namespace: deployed.namespace, name },
      csi: { driver: 'shipyard.localhost', volumeHandle: name },
    },
  })
  let looks = 0
  await eventually(30_000, async () => {
    // The binder looks at a claim that changes, and at all others every 15 seconds.
    const annotations = { 'shipyard.localhost/looks': String(++looks) }
    const metadata = { name, namespace: deployed.namespace, annotations }
    await cluster.apply({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata })
    expect((await claimOf(deployed))?.status.phase).toBe('Bound')
  })
}

// The collector hears of a new kind after half a minute, where no other test has waited for that.
atLevel(2, () =>
  it.each([
    [true, 'keeps'],
    [false, 'removes'],
  ])(
    'when keepAfterDelete is %s it %s the volume of a deployment that is deleted',
    async (keepAfterDelete) => {
      const deployed = await deploy(cluster, tenant, withVolume({ keepAfterDelete }))
      await deployed.until(30_000, ({ phase }) => phase === 'Ready')
      await deployed.delete('Foreground')
      await eventually(60_000, async () => {
        await expect(deployed.status()).rejects.toThrow('404')
        expect((await claimOf(deployed)) !== undefined).toBe(keepAfterDelete)
      })
      expect(await deployed.children('apps/v1', 'Deployment')).toEqual([])
    },
  ),
)

it('keeps a volume from the moment that this is asked for, and no longer than it is', async () => {
  const deployed = await deploy(cluster, tenant, withVolume({}))
  const owners = async (): Promise<unknown> => (await claimOf(deployed))?.metadata.ownerReferences
  await eventually(30_000, async () => expect(await owners()).toMatchObject([{ kind: 'UserDeployment' }]))
  await deployed.change(withVolume({ keepAfterDelete: true }))
  await eventually(30_000, async () => expect(await owners()).toBeUndefined())
  await deployed.change(withVolume({ keepAfterDelete: false }))
  await eventually(30_000, async () => expect(await owners()).toMatchObject([{ kind: 'UserDeployment' }]))
})

it('grows a volume in place where its class allows it', async () => {
  const storageClass = `grows-${own}`
  const deployed = await deploy(cluster, tenant, withVolume({ storageClass }))
  await deployed.until(30_000, ({ phase }) => phase === 'Ready')
  const before = await claimOf(deployed)
  // Not bound yet: refused by the cluster, and no reason to call it broken.
  await deployed.change({ revision: 2, ...withVolume({ storageClass, size: '2Gi' }) })
  await deployed.until(30_000, ({ phase, readyRevision }) => phase === 'Ready' && readyRevision === 2)
  expect((await claimOf(deployed))?.spec.resources.requests.storage).toBe('1Gi')
  await bind(deployed, storageClass)
  await eventually(30_000, async () => {
    expect((await claimOf(deployed))?.spec.resources.requests.storage).toBe('2Gi')
  })
  expect((await claimOf(deployed))?.metadata).toMatchObject({ name: before?.metadata.name })
  expect(await deployed.status()).toMatchObject({ phase: 'Ready' })
})

it('says that a volume cannot grow, does not go on trying, and is well again with the old size', async () => {
  const storageClass = `fixed-${own}`
  const deployed = await deploy(cluster, tenant, withVolume({ storageClass }))
  await deployed.until(30_000, ({ phase }) => phase === 'Ready')
  await bind(deployed, storageClass)
  await deployed.change(withVolume({ storageClass, size: '2Gi' }))
  const status = await deployed.until(30_000, ({ phase }) => phase === 'Error')
  expect(status).toMatchObject({ lastError: { reason: 'InvalidSpec' } })
  expect(status.lastError?.message).toMatch(/^The volume \S+-web--data cannot grow: its storage class/)
  expect(status.conditions.find(({ type }) => type === 'Stalled')?.status).toBe('True')

  const versions = async (): Promise<unknown> => [
    await deployed.version(),
    (await claimOf(deployed))?.metadata,
  ]
  const [before, looks] = [await versions(), await operator.looks()]
  await sleep(3_000)
  expect(await versions()).toEqual(before)
  // Other deployments of this API server may be looked at meanwhile; a loop would count hundreds.
  expect((await operator.looks()) - looks).toBeLessThan(50)

  await deployed.change(withVolume({ storageClass }))
  await deployed.until(30_000, ({ phase }) => phase === 'Ready')
})
