/** The loops on a real database, with a cluster in memory that a test plays operator for. */
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, it, vi } from 'vitest'

import type { DeploymentId } from '../contract/ids.ts'
import { vaultPaths, type ResourceName } from '../contract/names.ts'
import { namespaceOf } from '../modules/deployments/custom-resource.ts'
import { nameOf } from '../modules/deployments/name-of.ts'
import { sweepUser, usersWithSecrets } from '../modules/secrets/sweep-secrets.ts'
import type { ResourceKey } from '../ports/kube/port.ts'
import { aTenant, type Tenant } from '../testing/builders.ts'
import { deployed } from '../testing/deploy.ts'
import { useWorld } from '../testing/world.ts'

const world = useWorld({ runsLoops: true })

const keyOf = (tenant: Tenant, id: DeploymentId): ResourceKey => ({
  namespace: namespaceOf({ ownerId: tenant.userId, orgId: tenant.orgId }, world.deps.settings),
  name: nameOf(id),
})
const resource = (key: ResourceKey) => world.kube.watchUserDeployments().get(key)
const until = async (what: () => unknown) =>
  vi.waitFor(async () => expect(await what()).toBeTruthy(), { timeout: 5_000, interval: 20 })

/** What an operator would write. */
function ready(key: ResourceKey): void {
  const generation = resource(key)?.metadata.generation ?? 0
  world.kube.setStatus(key, {
    phase: 'Ready',
    observedGeneration: generation,
    readyRevision: 1,
    urls: ['http://x.test'],
  })
}

afterEach(() => world.kube.setDown(false))

it('brings a deployment to the cluster, into a namespace that says whose it is', async () => {
  const tenant = await aTenant(world.db)
  const id = await deployed(world, tenant)
  const key = keyOf(tenant, id)
  await until(() => resource(key))
  expect(resource(key)).toMatchObject({
    metadata: {
      labels: { 'scheduler.opsnorth.io/deployment-id': id, 'scheduler.opsnorth.io/team-id': tenant.teamId },
    },
    spec: {
      owner: { userId: tenant.userId, orgId: tenant.orgId },
      template: { name: 'hello-stack', version: 1 },
      revision: 1,
    },
  })
  expect(world.kube.labelsOf(key.namespace)).toMatchObject({
    'scheduler.opsnorth.io/user-id': tenant.userId,
    'pod-security.kubernetes.io/enforce': 'restricted',
  })
})

it('tells how it fares as the operator says it, and not before it has seen the last change', async () => {
  const tenant = await aTenant(world.db)
  const id = await deployed(world, tenant)
  const key = keyOf(tenant, id)
  const api = await world.as(tenant.userId)
  await until(() => resource(key))
  expect(await api.deployments.get({ id })).toMatchObject({ phase: 'Pending', reason: 'AwaitingOperator' })
  ready(key)
  expect(await api.deployments.get({ id })).toMatchObject({
    phase: 'Ready',
    isUpToDate: true,
    urls: ['http://x.test'],
  })
  await api.deployments.updateEnv({ id, service: 'web', env: [{ name: 'A', value: 'b' }] })
  expect(await api.deployments.get({ id })).toMatchObject({ phase: 'Provisioning', isUpToDate: false })
  await until(() => resource(key)?.spec.revision === 2)
  expect(await api.deployments.get({ id })).toMatchObject({ phase: 'Provisioning', isUpToDate: false })
  ready(key)
  expect(await api.deployments.get({ id })).toMatchObject({ phase: 'Ready', revision: 2 })
})

it('restarts by a new generation of the same revision', async () => {
  const tenant = await aTenant(world.db)
  const id = await deployed(world, tenant)
  const key = keyOf(tenant, id)
  await until(() => resource(key))
  await (await world.as(tenant.userId)).deployments.restart({ id })
  await until(() => resource(key)?.spec.restartedAt)
  expect(resource(key)?.spec.revision).toBe(1)
})

it('keeps what is asked for while the cluster is away, and brings it when it is back', async () => {
  const tenant = await aTenant(world.db)
  world.kube.setDown(true)
  const id = await deployed(world, tenant)
  const key = keyOf(tenant, id)
  const api = await world.as(tenant.userId)
  await until(async () => (await api.deployments.get({ id })).reason === 'ClusterUnavailable')
  expect(await api.deployments.get({ id })).toMatchObject({ phase: 'Pending' })
  world.kube.setDown(false)
  await until(() => resource(key))
})

it('deletes from the cluster first, then from Vault, then from the count', async () => {
  const tenant = await aTenant(world.db)
  const id = await deployed(world, tenant, { hosts: ['gone.example.com'] })
  const key = keyOf(tenant, id)
  const path = vaultPaths.deployment({ userId: tenant.userId, name: nameOf(id) })
  await until(() => resource(key))
  const api = await world.as(tenant.userId)
  await api.deployments.delete({ id })
  await api.deployments.delete({ id })
  await until(() => resource(key)?.metadata.deletionTimestamp)
  await delay(100)
  expect(await api.deployments.get({ id })).toMatchObject({ phase: 'Deleting' })
  expect(world.vault.paths()).toContain(path)
  world.kube.finishDeletion(key)
  await until(async () => (await api.deployments.list({ teamId: tenant.teamId })).items.length === 0)
  expect(world.vault.paths()).not.toContain(path)
  expect(await world.db.prisma.hostName.count({ where: { deploymentId: id } })).toBe(0)
  expect(await world.db.prisma.secretMeta.count({ where: { deploymentId: id } })).toBe(0)
  expect(await world.db.prisma.organization.findUniqueOrThrow({ where: { id: tenant.orgId } })).toMatchObject(
    { deploymentsUsed: 0 },
  )
})

it('writes a resource again that somebody else removed', async () => {
  const tenant = await aTenant(world.db)
  const id = await deployed(world, tenant)
  const key = keyOf(tenant, id)
  await until(() => resource(key))
  await until(async () => {
    const row = await world.db.prisma.deployment.findUniqueOrThrow({ where: { id } })
    return row.pushedGeneration === row.generation
  })
  world.kube.finishDeletion(key)
  await until(() => resource(key))
  expect(resource(key)).toBeDefined()
})

it('says what the cluster refuses, and goes on when it is corrected', async () => {
  const tenant = await aTenant(world.db)
  const refuse = vi.spyOn(world.kube, 'applyUserDeployment').mockImplementation(async () => {
    const { fail } = await import('../errors.ts')
    return fail('CLUSTER_REFUSED', {}, { because: 'quota' })
  })
  const id = await deployed(world, tenant)
  const api = await world.as(tenant.userId)
  // The proxy of the world gives the loops the object that is spied on.
  await until(async () => (await api.deployments.get({ id })).phase === 'Error')
  expect(await api.deployments.get({ id })).toMatchObject({ reason: 'InvalidSpec', isUpToDate: false })
  refuse.mockRestore()
  await api.deployments.updateEnv({ id, service: 'web', env: [] })
  await until(() => resource(keyOf(tenant, id)))
})

it('sweeps what nothing names, and spares what is named or young', async () => {
  const tenant = await aTenant(world.db)
  const id = await deployed(world, tenant)
  const path = vaultPaths.deployment({ userId: tenant.userId, name: nameOf(id) })
  const orphan = vaultPaths.deployment({ userId: tenant.userId, name: 'abcdefghij' as ResourceName })
  await world.vault.writeSecret(path, { TOKEN: 'stray' }, { checkAndSet: 1 })
  await world.vault.writeSecret(orphan, { TOKEN: 'stray' }, { checkAndSet: 0 })
  expect(await usersWithSecrets(world.deps)).toContain(tenant.userId)
  expect(await sweepUser(world.deps, tenant.userId, 60_000)).toBe(0)
  expect(await sweepUser(world.deps, tenant.userId, -1)).toBe(2)
  expect(world.vault.peek(path, 1)).toBeDefined()
  expect(world.vault.peek(path, 2)).toBeUndefined()
  expect(world.vault.paths()).not.toContain(orphan)
  expect(await sweepUser(world.deps, tenant.userId, -1)).toBe(0)
})
