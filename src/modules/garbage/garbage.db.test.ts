/** What belongs to nobody is found and removed, what is missing is brought again, and nothing else is touched. */
import { afterEach, expect, it, vi } from 'vitest'

import { LABELS, MANAGED_BY } from '../../contract/crd/meta.ts'
import { GUARDING_KINDS, type OwnedKind } from '../../contract/crd/owned-kinds.ts'
import { newId, type DeploymentId } from '../../contract/ids.ts'
import { vaultPaths, type Namespace, type ResourceName } from '../../contract/names.ts'
import { isAppError } from '../../errors.ts'
import { aUserDeployment } from '../../ports/kube/testing/conformance.ts'
import { aTenant, type Tenant } from '../../testing/builders.ts'
import { deployed } from '../../testing/deploy.ts'
import { useWorld } from '../../testing/world.ts'
import { namespaceOf } from '../deployments/custom-resource.ts'
import { nameOf } from '../deployments/name-of.ts'
import type { Deps } from '../deps.ts'
import { GRACE_MS } from './orphans.ts'
import { repairFinding } from './repair-finding.ts'
import { reportGarbage } from './report-garbage.ts'
import type { Finding, Target } from './schema.ts'

const world = useWorld()
const HOUR_MS = 3_600_000
const old = () => new Date(world.deps.clock.nowMs() - HOUR_MS)
const ours = { [LABELS.managedBy]: MANAGED_BY }

afterEach(() => {
  world.kube.setDown(false)
  world.vault.setDown(false)
  vi.restoreAllMocks()
})

/** An hour later: what was made just now is old enough. */
const later = (): Deps => ({
  ...world.deps,
  clock: { ...world.deps.clock, nowMs: () => world.deps.clock.nowMs() + HOUR_MS },
})
const isAbout = (finding: Finding, text: string): boolean => JSON.stringify(finding).includes(text)
async function findingsOf(text: string, deps = later()): Promise<Finding[]> {
  return (await reportGarbage(deps)).findings.filter((finding) => isAbout(finding, text))
}

async function aCaller() {
  const { userId } = await aTenant(world.db, { name: 'Root' })
  await world.db.prisma.user.update({ where: { id: userId }, data: { platformAdmin: true } })
  const found = await (await world.contextOf(userId)).find()
  if (!found) throw new Error('Nobody is signed in.')
  return { actor: found.actor, requestId: 'req_test' }
}
const repair = async (target: Target, deps = later()) => repairFinding(deps, await aCaller(), target)
const code = async (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => (isAppError(error) ? error.code : String(error)),
  )

/** Brought to the cluster as the loop does it. */
async function pushed(
  tenant: Tenant,
): Promise<{ id: DeploymentId; namespace: Namespace; name: ResourceName }> {
  const id = await deployed(world, tenant)
  const push = world.workers.loops.find(({ name }) => name === 'push-custom-resources')
  push?.start()
  push?.poke()
  const name = nameOf(id)
  const namespace = namespaceOf({ ownerId: tenant.userId, orgId: tenant.orgId }, world.deps.settings)
  const view = world.kube.watchUserDeployments()
  await vi.waitFor(() => expect(view.get({ namespace, name })).toBeDefined(), { timeout: 10_000 })
  return { id, namespace, name }
}

/** A custom resource that no row asked for, in a tenant's namespace. */
async function anOrphan(tenant: Tenant) {
  const namespace = namespaceOf({ ownerId: tenant.userId, orgId: tenant.orgId }, world.deps.settings)
  await world.kube.ensureNamespace(namespace, {
    ...ours,
    [LABELS.userId]: tenant.userId,
    [LABELS.orgId]: tenant.orgId,
  })
  const resource = aUserDeployment()
  await world.kube.applyUserDeployment({ ...resource, metadata: { ...resource.metadata, namespace } })
  const name = resource.metadata.name
  const target = (await findingsOf(name))[0]?.target
  if (!target) throw new Error('The orphan was not found.')
  return { namespace, name, target }
}

it('finds nothing in what is as it should be', async () => {
  const tenant = await aTenant(world.db)
  const { id, namespace, name } = await pushed(tenant)
  world.kube.putOwned({
    kind: 'Service',
    namespace,
    name: `${name}-web`,
    labels: { ...ours, [LABELS.deployment]: name },
    createdAt: old(),
  })
  await world.db.prisma.deployment.update({ where: { id }, data: { updatedAt: old() } })
  expect(await findingsOf(name)).toEqual([])
  expect(await findingsOf(namespace)).toEqual([])
  expect(await findingsOf(id)).toEqual([])
  expect((await reportGarbage(later())).blind).toEqual([])
})

it('finds a custom resource without a row, and removes this very one', async () => {
  const tenant = await aTenant(world.db)
  const { namespace, name, target } = await anOrphan(tenant)
  expect(await findingsOf(name)).toMatchObject([{ reason: 'NoDeployment', name: `UserDeployment ${name}` }])
  const caller = await aCaller()
  expect(await repairFinding(later(), caller, target)).toEqual({ outcome: 'deleted' })
  const resource = world.kube.watchUserDeployments().get({ namespace, name })
  expect(resource?.metadata.deletionTimestamp).toBeDefined()
  expect(await findingsOf(name)).toEqual([])
  expect(await repair(target)).toEqual({ outcome: 'gone' })
  const targetId = (target as { uid: string }).uid
  expect(await world.db.prisma.auditEvent.findMany({ where: { targetId } })).toMatchObject([
    {
      action: 'garbage:repair',
      actorKind: 'user',
      actorId: caller.actor.userId,
      targetName: name,
      detail: { reason: 'NoDeployment', kind: 'UserDeployment', namespace },
      requestId: 'req_test',
    },
  ])
})

it('leaves alone what is young, another object of the name, or changed while it is removed', async () => {
  const tenant = await aTenant(world.db)
  const { namespace, name, target } = await anOrphan(tenant)
  expect(await findingsOf(name, world.deps)).toEqual([])
  expect(await code(repair(target, world.deps))).toBe('CONFLICT')
  expect(await code(repair({ ...target, uid: crypto.randomUUID() } as Target))).toBe('CONFLICT')
  const find = world.kube.findOwned.bind(world.kube)
  const deps = later()
  const kube = {
    ...world.kube,
    findOwned: async (ref: Parameters<typeof find>[0]) => {
      const found = await find(ref)
      return found && { ...found, resourceVersion: '0' }
    },
  }
  expect(await code(repair(target, { ...deps, kube }))).toBe('CONFLICT')
  const resource = world.kube.watchUserDeployments().get({ namespace, name })
  expect(resource?.metadata.deletionTimestamp).toBeUndefined()
})

it('finds a resource whose deployment lives in another namespace', async () => {
  const tenant = await aTenant(world.db)
  const { name } = await pushed(tenant)
  const resource = aUserDeployment()
  const metadata = { ...resource.metadata, name }
  await world.kube.ensureNamespace(metadata.namespace as Namespace, {})
  await world.kube.applyUserDeployment({ ...resource, metadata })
  expect(await findingsOf(name)).toMatchObject([
    { reason: 'OtherNamespace', target: { namespace: metadata.namespace } },
  ])
})

it('finds children that nothing takes along, and says what is in a kept volume', async () => {
  const namespace = `children-${newId('dep').slice(4)}`
  const name = 'abcdefghij'
  const labels = { ...ours, [LABELS.deployment]: name }
  const put = (kind: OwnedKind, more = {}) =>
    world.kube.putOwned({ kind, namespace, name: `${name}-web`, labels, createdAt: old(), ...more })
  put('Service')
  put('PersistentVolumeClaim')
  put('NetworkPolicy')
  put('Middleware')
  put('ConfigMap', { hasOwner: true })
  world.kube.putOwned({ kind: 'Deployment', namespace, name: 'x', labels: ours, createdAt: old() })
  world.kube.putOwned({
    kind: 'Ingress',
    namespace,
    name: 'y',
    labels: { ...labels, [LABELS.managedBy]: 'helm' },
    createdAt: old(),
  })
  const found = await findingsOf(namespace)
  expect(found.map(({ reason, target }) => [reason, (target as { kind: string }).kind])).toEqual([
    ['NoDeployment', 'Service'],
    ['NoDeployment', 'Middleware'],
    ['KeptVolume', 'PersistentVolumeClaim'],
    ['NoDeployment', 'NetworkPolicy'],
  ])
  for (const { target } of found) expect(await repair(target)).toEqual({ outcome: 'deleted' })
  expect(await findingsOf(namespace)).toEqual([])
})

it('finds a namespace of a tenant that is not there, and no other', async () => {
  const tenant = await aTenant(world.db)
  const put = (name: string, labels: Record<string, string>) =>
    world.kube.putOwned({ kind: 'Namespace', namespace: undefined, name, labels, createdAt: old() })
  const [user, org] = [tenant.userId, tenant.orgId]
  put('ns-of-nobody', { ...ours, [LABELS.userId]: user, [LABELS.orgId]: newId('org') })
  put('ns-of-somebody', { ...ours, [LABELS.userId]: user, [LABELS.orgId]: org })
  put('ns-of-the-platform', ours)
  expect((await findingsOf('ns-of-')).map(({ name }) => name)).toEqual(['Namespace ns-of-nobody'])
  const [found] = await findingsOf('ns-of-nobody')
  expect(found).toMatchObject({ reason: 'NoTenant', target: { namespace: null } })
  expect(found && (await repair(found.target))).toEqual({ outcome: 'deleted' })
})

it('finds what fences a namespace that is none of ours, and leaves the fences of tenants alone', async () => {
  const tenant = await aTenant(world.db)
  const own = namespaceOf({ ownerId: tenant.userId, orgId: tenant.orgId }, world.deps.settings)
  const elsewhere = `fences-${newId('dep').slice(4)}`
  for (const kind of GUARDING_KINDS) {
    for (const namespace of [own, elsewhere])
      world.kube.putOwned({ kind, namespace, name: 'shipyard', labels: ours, createdAt: old() })
  }
  expect(await findingsOf(own)).toEqual([])
  const found = await findingsOf(elsewhere)
  expect(found.map(({ reason, name }) => [reason, name])).toEqual(
    [...GUARDING_KINDS].map((kind) => ['StrayGuard', `${kind} shipyard`]),
  )
  const [first, ...others] = found.map(({ target }) => target)
  if (!first) throw new Error('Nothing was found.')
  for (const target of others) expect(await repair(target)).toEqual({ outcome: 'deleted' })
  // By now the namespace is one of ours.
  await world.kube.ensureNamespace(elsewhere as Namespace, ours)
  expect(await code(repair(first))).toBe('CONFLICT')
  expect(await findingsOf(elsewhere)).toEqual([])
})

it('finds a deployment of which the cluster has nothing for a while, and brings it again', async () => {
  const tenant = await aTenant(world.db)
  const { id, namespace, name } = await pushed(tenant)
  world.kube.finishDeletion({ namespace, name })
  expect(await findingsOf(id)).toEqual([])
  await world.db.prisma.deployment.update({ where: { id }, data: { updatedAt: old() } })
  expect(await findingsOf(id)).toMatchObject([
    { reason: 'NotInCluster', name: 'My stack of Ada and friends' },
  ])
  expect(await repair({ of: 'deployment', id })).toEqual({ outcome: 'pushed' })
  // What is young is in no report: it is not called lost as long as it is on its way.
  const { updatedAt } = await world.db.prisma.deployment.findUniqueOrThrow({ where: { id } })
  expect(updatedAt.getTime()).toBeGreaterThan(old().getTime() + GRACE_MS)
  const view = world.kube.watchUserDeployments()
  await vi.waitFor(() => expect(view.get({ namespace, name })).toBeDefined(), { timeout: 10_000 })
  expect(await repair({ of: 'deployment', id })).toEqual({ outcome: 'gone' })
  const audit = await world.db.prisma.auditEvent.findMany({
    where: { targetId: id, action: 'garbage:repair' },
  })
  expect(audit).toMatchObject([
    { orgId: tenant.orgId, teamId: tenant.teamId, detail: { reason: 'NotInCluster' } },
  ])
})

it('finds values in Vault that nothing names, and removes them and no others', async () => {
  const tenant = await aTenant(world.db)
  const id = await deployed(world, tenant)
  const named = vaultPaths.deployment({ userId: tenant.userId, name: nameOf(id) })
  const path = vaultPaths.deployment({ userId: tenant.userId, name: 'abcdefghij' as ResourceName })
  await world.vault.writeSecret(path, { A: 'x' }, { checkAndSet: 0 })
  expect(await findingsOf(path, world.deps)).toEqual([])
  expect(await findingsOf(named)).toEqual([])
  expect(await findingsOf(path)).toMatchObject([{ reason: 'UnnamedSecret', target: { of: 'secret', path } }])
  expect(await code(repair({ of: 'secret', path: named }))).toBe('CONFLICT')
  expect(await code(repair({ of: 'secret', path: vaultPaths.user(tenant.userId) }))).toBe('CONFLICT')
  expect(await code(repair({ of: 'secret', path }, world.deps))).toBe('CONFLICT')
  expect(await repair({ of: 'secret', path })).toEqual({ outcome: 'deleted' })
  expect(world.vault.paths()).toContain(named)
  expect(world.vault.paths()).not.toContain(path)
  expect(await repair({ of: 'secret', path })).toEqual({ outcome: 'gone' })
})

it('says what it could not look at, and takes nothing there for garbage', async () => {
  const tenant = await aTenant(world.db)
  const { target } = await anOrphan(tenant)
  world.kube.setDown(true)
  world.vault.setDown(true)
  const report = await reportGarbage(later())
  expect(report.blind.map(({ place }) => place)).toEqual(['cluster', 'vault'])
  expect(report.findings).toEqual([])
  expect(await code(repair(target))).toBe('CLUSTER_UNAVAILABLE')
  const without = await reportGarbage({ ...later(), kube: undefined })
  expect(without.blind).toMatchObject([{ place: 'cluster' }, { place: 'vault' }])
})

it('shows so many and says that there are more', async () => {
  const labels = { ...ours, [LABELS.deployment]: 'klmnopqrst' }
  for (let index = 0; index < 210; index++) {
    world.kube.putOwned({ kind: 'Service', namespace: 'many', name: `s-${index}`, labels, createdAt: old() })
  }
  const { findings, isTruncated } = await reportGarbage(later())
  expect(findings).toHaveLength(200)
  expect(isTruncated).toBe(true)
})
