/** What the model of a cluster cannot know: what a real API server takes, what it makes of it, and what comes back. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import type { KubeObject } from '../../deploy/local/cluster-api.ts'
import { eventually, openCluster } from '../../e2e/fixtures/cluster.ts'
import {
  createTenant,
  deploy,
  installOperator,
  MADE_VERSIONS,
  startOperator,
  takeTurn,
  TURN_TIMEOUT_MS,
  type Deployed,
  type RunningOperator,
} from '../../e2e/fixtures/operator.ts'
import { syncSecrets } from '../../e2e/fixtures/stand-ins.ts'
import type { UserDeployment, UserDeploymentSpecInput } from '../../src/contract/crd/user-deployment.ts'
import { compareQuantities } from '../../src/contract/quantity.ts'
import { limitsFor } from '../../src/contract/tiers.ts'
import { arbitrarySpecInput } from '../../src/contract/testing/arbitrary-spec.ts'
import { SCENARIOS } from '../testing/scenarios.ts'
import { MADE_KINDS } from './caches.ts'

const cluster = openCluster()
let operator: RunningOperator
let endTurn: () => Promise<void>

beforeAll(async () => {
  endTurn = await takeTurn(cluster)
  await installOperator(cluster)
  operator = await startOperator({ PRIVATE_EGRESS: '10.0.0.0/8', DEPLOYMENT_DOMAIN: 'apps.localhost' })
}, TURN_TIMEOUT_MS)
afterAll(async () => {
  await operator.stop()
  await endTurn()
  await cluster.close()
})

async function childrenOf(deployed: Deployed): Promise<KubeObject[]> {
  const kinds = MADE_KINDS.map(async (kind) => deployed.children(MADE_VERSIONS[kind], kind))
  return (await Promise.all(kinds)).flat()
}

/** All Deployments that need no other to be ready are there; nothing was refused. */
async function untilMade(deployed: Deployed, spec: Pick<UserDeploymentSpecInput, 'services'>): Promise<void> {
  await eventually(60_000, async () => {
    await syncSecrets(cluster, deployed.children)
    const made = await deployed.children('apps/v1', 'Deployment')
    const first = spec.services.filter(({ dependsOn = [] }) => dependsOn.length === 0)
    if (made.length < first.length) {
      throw new Error(`${made.length} of ${first.length}: ${JSON.stringify(await deployed.status())}`)
    }
  })
  const status = await deployed.status()
  expect(status?.lastError, JSON.stringify(spec)).toBeUndefined()
}

/** A scenario's spec for another owner: its secrets are that one's. */
function specFor(
  tenant: { owner: UserDeployment['spec']['owner'] },
  { spec }: UserDeployment,
): UserDeploymentSpecInput {
  const body = (id: string): string => id.slice(id.indexOf('_') + 1)
  const text = JSON.stringify({ ...spec, owner: undefined })
    .replaceAll(`users/${'a'.repeat(25)}`, `users/${body(tenant.owner.userId)}`)
    .replaceAll(`orgs/${'a'.repeat(25)}`, `orgs/${body(tenant.owner.orgId)}`)
  return { ...(JSON.parse(text) as UserDeploymentSpecInput), owner: tenant.owner }
}

it.each(SCENARIOS)('makes everything of $name, and writes nothing of it twice', async ({ resource }) => {
  const tenant = await createTenant(cluster, 'enterprise')
  const spec = specFor(tenant, resource)
  const deployed = await deploy(cluster, tenant, spec)
  await untilMade(deployed, spec)
  expect(await operator.idleWrites()).toBe(0)
})

type ServiceInput = UserDeploymentSpecInput['services'][number]

/** Without what needs others (Vault), fills the quota, or keeps the controller manager busy with hundreds of pods. */
function modest(service: ServiceInput): ServiceInput {
  const { autoscaling, replicas, volumes = [], resources, ...rest } = service
  return {
    ...rest,
    ...(fitsPlan(resources?.limits) ? { resources } : {}),
    ...(replicas === undefined ? {} : { replicas: Math.min(replicas, 2) }),
    ...(autoscaling ? { autoscaling: { ...autoscaling, minReplicas: 1 } } : {}),
    secrets: [],
    volumes: volumes.map((volume) => ({ ...volume, size: '1.234Mi' })),
  }
}

/** What is larger than the plan is refused before the operator sees it. */
function fitsPlan(limits: { cpu?: string; memory?: string } = {}): boolean {
  const { quota } = limitsFor('enterprise')
  return (
    compareQuantities(limits.cpu ?? '1', quota.cpuLimits) <= 0 &&
    compareQuantities(limits.memory ?? '1', quota.memoryLimits) <= 0
  )
}

const GENERATED = inject('testLevel') >= 9 ? 40 : 15

it(`makes what ${GENERATED} generated deployments ask for`, { timeout: 240_000 }, async () => {
  const specs = fc.sample(arbitrarySpecInput, { numRuns: GENERATED })
  const made = await Promise.all(
    specs.map(async (spec) => {
      const tenant = await createTenant(cluster, 'enterprise')
      const { egress: _, ...network } = spec.network ?? {}
      const whole = { ...spec, network, owner: tenant.owner, pullSecrets: [] }
      const services = whole.services.map(modest)
      const deployed = await deploy(cluster, tenant, { ...whole, services, ingress: undefined })
      return { deployed, services }
    }),
  )
  for (const { deployed, services } of made) await untilMade(deployed, { services })
  expect(await operator.idleWrites()).toBe(0)
})

it('writes nothing after a restart', async () => {
  await operator.stop()
  operator = await startOperator({ PRIVATE_EGRESS: '10.0.0.0/8', DEPLOYMENT_DOMAIN: 'apps.localhost' })
  await eventually(20_000, async () => {
    if (operator.log.lines.some((line) => line.startsWith('error')))
      throw new Error(operator.log.lines.join('\n'))
  })
  expect(await operator.writes()).toEqual(new Map())
})

it('makes every child again that somebody deletes', async () => {
  const scenario = SCENARIOS.find(({ name }) => name === 'hello-stack')
  if (!scenario) throw new Error('there is no scenario hello-stack')
  const tenant = await createTenant(cluster)
  const spec = specFor(tenant, scenario.resource)
  const deployed = await deploy(cluster, tenant, spec)
  await untilMade(deployed, spec)
  const before = await childrenOf(deployed)
  expect(before.length).toBeGreaterThan(7)
  for (const child of before) {
    const collection = await cluster.pathOf(child)
    const uid = (child.metadata as { uid?: string }).uid
    await cluster.delete(`${collection}/${child.metadata.name}`)
    await eventually(10_000, async () => {
      await syncSecrets(cluster, deployed.children)
      const again = await cluster.get<KubeObject>(`${collection}/${child.metadata.name}`)
      expect((again.metadata as { uid?: string }).uid, child.kind).not.toBe(uid)
    })
  }
  await untilMade(deployed, spec)
  const addresses = (objects: KubeObject[]): unknown[] =>
    objects
      .filter(({ kind }) => kind === 'Service')
      .map((each) => [each.metadata.name, (each as never as { spec: { clusterIP: string } }).spec.clusterIP])
  expect(addresses(await childrenOf(deployed))).toEqual(addresses(before))
})
