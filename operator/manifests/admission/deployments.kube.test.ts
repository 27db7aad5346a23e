/** What may be changed of a deployment, and by whom: also when its plan allows less than it did. */
import { afterAll, beforeAll, expect, it } from 'vitest'

import { eventually, openCluster } from '../../../e2e/fixtures/cluster.ts'
import {
  createTenant,
  deploy,
  installOperator,
  type Deployed,
  type Tenant,
} from '../../../e2e/fixtures/operator.ts'
import { tenantKubectl, tenantRights } from '../../../e2e/fixtures/tenant-kubectl.ts'
import { API_VERSION, LABELS } from '../../../src/contract/crd/meta.ts'
import { smallService } from '../../../src/contract/testing/specs.ts'
import { limitsFor } from '../../../src/contract/tiers.ts'

const USER = 'somebody-with-a-deployment'
const cluster = openCluster()
const kubectl = tenantKubectl(cluster, USER)
let tenant: Tenant
let large: Deployed
let leaving: Deployed

const TOO_LARGE = 'larger than everything that the plan allows'
const largeService = smallService({
  resources: { limits: { cpu: limitsFor('business').quota.cpuLimits, memory: '1Gi' } },
})

beforeAll(async () => {
  await installOperator(cluster)
  tenant = await createTenant(cluster, 'enterprise')
  await cluster.apply(...tenantRights(tenant.namespace, USER))
  const make = async (): Promise<Deployed> =>
    deploy(cluster, tenant, { network: { isolation: 'dedicated' }, services: [largeService] })
  large = await make()
  leaving = await make()
  const labels = { [LABELS.plan]: 'free', [LABELS.isolation]: 'shared' }
  await cluster.call('PATCH', `/api/v1/namespaces/${tenant.namespace}`, {
    type: 'application/merge-patch+json',
    content: JSON.stringify({ metadata: { labels } }),
  })
})
afterAll(async () => cluster.close())

it('takes a status from nobody but the operator', async () => {
  const { name, namespace } = large
  const forged = {
    apiVersion: API_VERSION,
    kind: 'UserDeployment',
    metadata: { name, namespace },
    status: { phase: 'Ready', readyRevision: 1, conditions: [], services: [], urls: [] },
  }
  await eventually(30_000, async () => {
    const { status, message } = await kubectl.patch(forged, 'status')
    expect(message).toContain('told by the operator alone')
    expect(status).toBe(403)
  })
})

it('refuses what is too large by now, also as a change', async () => {
  // Policies see an instant later what labels a namespace has.
  await eventually(30_000, async () => {
    await expect(deploy(cluster, tenant, { services: [largeService] })).rejects.toThrow(TOO_LARGE)
  })
  await expect(large.change({ network: { isolation: 'shared' } })).rejects.toThrow(TOO_LARGE)
})

it('lets it be stopped, and changed then, and not be started again', async () => {
  const still = { network: { isolation: 'dedicated' } } as const
  await large.change({ ...still, suspended: true })
  await large.change({ ...still, revision: 2 })
  await expect(large.change({ ...still, suspended: false })).rejects.toThrow('Nodes of its own')
  await expect(large.change({ network: { isolation: 'shared' } })).rejects.toThrow(TOO_LARGE)
})

// Kubernetes looks every 30 seconds for kinds that it collects.
it('lets it go when its dependents are waited for', { timeout: 120_000 }, async () => {
  await leaving.delete('Foreground')
  await eventually(90_000, async () => {
    await expect(leaving.version()).rejects.toThrow('404')
  })
})
