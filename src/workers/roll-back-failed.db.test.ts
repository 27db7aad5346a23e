/** Updates that fail are taken back, once, whoever is at it and whatever happens meanwhile. */
import { pino } from 'pino'
import { afterAll, expect, it, vi } from 'vitest'

import type { Condition } from '../contract/crd/conditions.ts'
import type { DeploymentId } from '../contract/ids.ts'
import { vaultPaths } from '../contract/names.ts'
import { AppError } from '../errors.ts'
import { namespaceOf } from '../modules/deployments/custom-resource.ts'
import { nameOf } from '../modules/deployments/name-of.ts'
import type { ResourceKey } from '../ports/kube/port.ts'
import { aTenant, type Tenant } from '../testing/builders.ts'
import { deployed } from '../testing/deploy.ts'
import { useWorld, type Api } from '../testing/world.ts'
import { rollBackFailed } from './roll-back-failed.ts'

const world = useWorld({ runsLoops: true })
const others: { stop(): Promise<void> }[] = []
afterAll(async () => Promise.all(others.map(async (loop) => loop.stop())))

const until = async (what: () => unknown) =>
  vi.waitFor(async () => expect(await what()).toBeTruthy(), { timeout: 10_000, interval: 20 })

interface Subject {
  id: DeploymentId
  tenant: Tenant
  api: Api
  key: ResourceKey
}

const resource = ({ key }: Subject) => world.kube.watchUserDeployments().get(key)

/** A deployment whose first revision is ready. */
async function aReadyOne(given: { rollbackOnFailure?: boolean } = {}): Promise<Subject> {
  const tenant = await aTenant(world.db)
  const id = await deployed(world, tenant, { rollbackOnFailure: true, ...given })
  const namespace = namespaceOf({ ownerId: tenant.userId, orgId: tenant.orgId }, world.deps.settings)
  const subject = { id, tenant, api: await world.as(tenant.userId), key: { namespace, name: nameOf(id) } }
  await until(() => resource(subject))
  say(subject, { phase: 'Ready', readyRevision: 1, conditions: [] })
  return subject
}

/** What an operator writes of the newest wish. */
function say(subject: Subject, status: Parameters<typeof world.kube.setStatus>[1]): void {
  const observedGeneration = resource(subject)?.metadata.generation ?? 0
  world.kube.setStatus(subject.key, { observedGeneration, ...status })
}

const stalled = (reason: string): Condition[] => [
  {
    type: 'Stalled',
    status: 'True',
    reason,
    message: 'It does not run.',
    lastTransitionTime: '2030-01-01T00:00:00Z',
  },
]

/** A second revision that never becomes ready. */
async function updateAndFail(subject: Subject, reason = 'ImageNotFound'): Promise<void> {
  const { api, id } = subject
  await api.deployments.updateEnv({ id, service: 'web', env: [{ name: 'BROKEN', value: 'yes' }] })
  await until(() => resource(subject)?.spec.revision === 2)
  say(subject, { phase: 'Error', readyRevision: 1, conditions: stalled(reason) })
}

const revisionsOf = async ({ id }: Subject) =>
  world.db.prisma.revision.findMany({ where: { deploymentId: id }, orderBy: { number: 'asc' } })
const auditOf = async ({ id }: Subject) =>
  world.db.prisma.auditEvent.findMany({ where: { targetId: id, action: 'deployment:rollback' } })
const runs = () => world.deps.facts.cluster() === 'live'

/** The loop has looked at all that is there, twice. */
async function afterTwoLooks(): Promise<void> {
  let looks = 0
  const onRun = () => void looks++
  const loop = rollBackFailed({ deps: world.deps, log: pino({ level: 'silent' }), onRun })
  others.push(loop)
  loop.start()
  await until(() => {
    loop.poke()
    return runs() && looks >= 2
  })
  await loop.stop()
}

it('makes a new revision equal to the last one that was ready, and says why', async () => {
  const subject = await aReadyOne()
  await updateAndFail(subject)
  await until(() => resource(subject)?.spec.revision === 3)
  const [first, , third] = await revisionsOf(subject)
  expect(third).toMatchObject({
    rollbackOf: 1,
    spec: first?.spec,
    secretVersions: first?.secretVersions,
    authorId: null,
    authorName: 'Shipyard',
    note: 'Revision 2 failed: ImageNotFound.',
  })
  expect(await auditOf(subject)).toMatchObject([
    { actorKind: 'system', actorId: null, actorName: 'Shipyard', detail: { revision: 3 }, requestId: null },
  ])
  const { items } = await subject.api.deployments.activity({ id: subject.id })
  expect(items[0]).toMatchObject({
    kind: 'rolled_back',
    actorName: 'Shipyard',
    revision: 3,
    detail: { to: 1, failed: 2, reason: 'ImageNotFound' },
  })
})

it('does it once, however many servers see it', async () => {
  const servers = Array.from({ length: 4 }, () =>
    rollBackFailed({ deps: world.deps, log: pino({ level: 'silent' }) }),
  )
  others.push(...servers)
  const subject = await aReadyOne()
  await updateAndFail(subject)
  for (const server of servers) server.start()
  await until(() => resource(subject)?.spec.revision === 3)
  await afterTwoLooks()
  await Promise.all(servers.map(async (server) => server.stop()))
  expect((await revisionsOf(subject)).map(({ number }) => number)).toEqual([1, 2, 3])
  expect(await auditOf(subject)).toHaveLength(1)
})

it('does not go back again from what it went back to', async () => {
  const subject = await aReadyOne()
  await updateAndFail(subject)
  await until(() => resource(subject)?.spec.revision === 3)
  say(subject, { phase: 'Error', readyRevision: 1, conditions: stalled('Unschedulable') })
  await afterTwoLooks()
  expect(await revisionsOf(subject)).toHaveLength(3)
})

it('leaves a failed update alone that nobody wants to be taken back', async () => {
  const subject = await aReadyOne({ rollbackOnFailure: false })
  await updateAndFail(subject)
  await afterTwoLooks()
  expect(await revisionsOf(subject)).toHaveLength(2)
})

it('leaves what somebody mended already, although the cluster has not heard of it', async () => {
  const subject = await aReadyOne()
  const { api, id } = subject
  await api.deployments.updateEnv({ id, service: 'web', env: [{ name: 'BROKEN', value: 'yes' }] })
  await until(() => resource(subject)?.spec.revision === 2)
  const apply = vi.spyOn(world.kube, 'applyUserDeployment').mockRejectedValue(new Error('not now'))
  await api.deployments.updateEnv({ id, service: 'web', env: [{ name: 'MENDED', value: 'yes' }] })
  say(subject, { phase: 'Error', readyRevision: 1, conditions: stalled('CrashLoop') })
  await afterTwoLooks()
  apply.mockRestore()
  await until(() => resource(subject)?.spec.revision === 3)
  expect(await auditOf(subject)).toEqual([])
})

it('goes back where it can while another one has to wait', async () => {
  const [stuck, other] = [await aReadyOne(), await aReadyOne()]
  const { readMetadata } = world.vault
  const away = vi.spyOn(world.vault, 'readMetadata').mockImplementation(async (path) => {
    if (path.includes(nameOf(stuck.id))) throw new AppError('VAULT_UNAVAILABLE', {})
    return readMetadata.call(world.vault, path)
  })
  for (const subject of [stuck, other]) await updateAndFail(subject)
  await until(() => resource(other)?.spec.revision === 3)
  expect(await revisionsOf(stuck)).toHaveLength(2)
  away.mockRestore()
  await until(() => resource(stuck)?.spec.revision === 3)
})

it('says once that a secret is gone without which there is no way back, and changes nothing', async () => {
  const subject = await aReadyOne()
  const path = vaultPaths.deployment({ userId: subject.tenant.userId, name: nameOf(subject.id) })
  await subject.api.secrets.set({ id: subject.id, values: { TOKEN: 'another' } })
  await until(() => resource(subject)?.spec.revision === 2)
  await world.vault.destroyVersions(path, [1])
  const log = pino({ level: 'silent' })
  const warn = vi.spyOn(log, 'warn')
  const loop = rollBackFailed({ deps: world.deps, log })
  others.push(loop)
  say(subject, { phase: 'Error', readyRevision: 1, conditions: stalled('CrashLoop') })
  loop.start()
  await until(() => warn.mock.calls.length > 0)
  await afterTwoLooks()
  loop.poke()
  await loop.stop()
  expect(warn).toHaveBeenCalledTimes(1)
  expect(await revisionsOf(subject)).toHaveLength(2)
})
