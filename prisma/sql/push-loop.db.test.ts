import { beforeEach, expect, it } from 'vitest'

import type { HostName } from '../../src/contract/names.ts'
import { newId } from '../../src/contract/ids.ts'
import type { RowOf } from '../../src/ports/db/statement.ts'
import {
  aDeployment,
  aTemplate,
  aTenant,
  by,
  type Tenant,
  type TestTemplate,
} from '../../src/testing/builders.ts'
import { useTestDb } from '../../src/testing/db.ts'
import { checkCounters } from './check-counters.generated.ts'
import { claimDeployments } from './claim-deployments.generated.ts'
import { finishDeleteDeployment } from './finish-delete-deployment.generated.ts'
import { listPushedDeployments } from './list-pushed-deployments.generated.ts'
import { markDeploymentPushed } from './mark-deployment-pushed.generated.ts'
import { markPushFailed } from './mark-push-failed.generated.ts'
import { repushDeployments } from './repush-deployments.generated.ts'
import { restartDeployment } from './restart-deployment.generated.ts'
import { updateDeployment } from './update-deployment.generated.ts'

const test = useTestDb()
let tenant: Tenant
let template: TestTemplate

beforeEach(async () => {
  // Others wait for nothing, so that a claim sees this test's rows alone.
  await test.db.prisma.deployment.updateMany({ data: { suspended: false, pushAfter: FAR } })
  tenant = await aTenant(test.db)
  template = await aTemplate(test.db)
})

const FAR = new Date(Date.UTC(2100, 0, 1))
const claim = async (worker: string, { limit = 10, leaseSeconds = 30 } = {}) =>
  test.db.all(claimDeployments, { worker, limit, leaseSeconds })

it('gives a worker all that the custom resource is made from', async () => {
  const made = await aDeployment(test.db, tenant, {
    template,
    hosts: ['b.example.com', 'a.example.com'] as HostName[],
    spec: { services: [{ name: 'web' }] },
    secretVersions: { 'orgs/x/secrets': 2 },
  })
  expect(await claim('one')).toEqual([
    {
      deploymentId: made.deploymentId,
      deploymentName: made.deploymentName,
      displayName: 'Hello',
      generation: 1,
      pushedGeneration: 0,
      pushAttempts: 1,
      createdAt: expect.any(Date),
      deletedAt: null,
      restartedAt: null,
      suspended: false,
      ownerId: tenant.userId,
      ownerName: 'Ada',
      orgId: tenant.orgId,
      orgName: 'Ada and friends',
      teamId: tenant.teamId,
      teamName: 'Default',
      isolation: 'dedicated',
      planId: 'enterprise',
      templateName: template.name,
      templateVersion: 1,
      revision: 1,
      spec: { services: [{ name: 'web' }] },
      secretVersions: { 'orgs/x/secrets': 2 },
      hosts: ['a.example.com', 'b.example.com'],
    },
  ])
})

it('never gives one row to two workers', async () => {
  const wanted = 60
  for (let count = 0; count < wanted; count++) await aDeployment(test.db, tenant, { template })
  const claimed: string[] = []
  const second = test.connectAgain()
  await Promise.all(
    Array.from({ length: 8 }, async (_, at) => {
      for (;;) {
        const rows = await (at % 2 ? test.db : second).all(claimDeployments, {
          worker: `worker-${at}`,
          limit: 3,
          leaseSeconds: 30,
        })
        if (rows.length === 0) return
        claimed.push(...rows.map(({ deploymentId }) => deploymentId))
      }
    }),
  )
  expect([claimed.length, new Set(claimed).size]).toEqual([wanted, wanted])
})

it('gives a row to another worker when the lease is over, and takes no word of the first one then', async () => {
  const { deploymentId } = await aDeployment(test.db, tenant, { template })
  await claim('one', { leaseSeconds: 1 })
  expect(await claim('two')).toEqual([])
  await expect.poll(async () => claim('two'), { timeout: 20_000 }).toHaveLength(1)
  expect(
    await test.db.first(markDeploymentPushed, { deploymentId, generation: 1, worker: 'one' }),
  ).toBeUndefined()
  expect(await test.db.first(markDeploymentPushed, { deploymentId, generation: 1, worker: 'two' })).toEqual({
    generation: 1,
  })
  expect(await claim('one')).toEqual([])
})

it('pushes again what was changed while it was being pushed, but not before the first push has ended', async () => {
  const { deploymentId } = await aDeployment(test.db, tenant, { template })
  await claim('one')
  await test.db.one(restartDeployment, { deploymentId, ...by(tenant.userId) })
  expect(await claim('two')).toEqual([])
  expect(await test.db.one(markDeploymentPushed, { deploymentId, generation: 1, worker: 'one' })).toEqual({
    generation: 2,
  })
  expect(await claim('two')).toMatchObject([{ deploymentId, generation: 2, restartedAt: expect.any(Date) }])
})

it('waits after a failed push until the time is over, or until a change', async () => {
  const { deploymentId } = await aDeployment(test.db, tenant, { template })
  await claim('one')
  const failed = { deploymentId, worker: 'one', error: 'the cluster cannot be reached', retrySeconds: 60 }
  expect(await test.db.one(markPushFailed, failed)).toEqual({ deploymentId, pushAttempts: 1 })
  expect(await claim('one')).toEqual([])
  expect(await test.db.prisma.deployment.findUnique({ where: { id: deploymentId } })).toMatchObject({
    pushError: 'the cluster cannot be reached',
  })
  await test.db.one(restartDeployment, { deploymentId, ...by(tenant.userId) })
  expect(await claim('one')).toMatchObject([{ deploymentId, pushAttempts: 1 }])
})

it('holds a failure against nothing that was changed meanwhile', async () => {
  const { deploymentId } = await aDeployment(test.db, tenant, { template })
  await claim('one')
  await test.db.one(restartDeployment, { deploymentId, ...by(tenant.userId) })
  const failed = { deploymentId, worker: 'one', error: 'it was refused', retrySeconds: 300 }
  expect(await test.db.one(markPushFailed, failed)).toEqual({ deploymentId, pushAttempts: 0 })
  expect(await test.db.prisma.deployment.findUnique({ where: { id: deploymentId } })).toMatchObject({
    pushError: null,
  })
  expect(await claim('two')).toMatchObject([{ deploymentId, generation: 2, pushAttempts: 1 }])
})

it('pushes deletions, and writes again what drifted', async () => {
  const made = await aDeployment(test.db, tenant, { template })
  const { deploymentId } = made
  await claim('one')
  await test.db.one(markDeploymentPushed, { deploymentId, generation: 1, worker: 'one' })
  expect(await test.db.all(repushDeployments, { deploymentIds: [deploymentId] })).toEqual([{ deploymentId }])
  expect(await claim('one')).toMatchObject([{ deploymentId, deletedAt: null }])
  await made.deleted()
  await test.db.one(markDeploymentPushed, { deploymentId, generation: 1, worker: 'one' })
  expect(await claim('one')).toMatchObject([{ deploymentId, generation: 2, deletedAt: expect.any(Date) }])
})

it('frees the place of a deleted deployment exactly once, however many workers see it gone', async () => {
  const hosts = ['gone.example.com' as HostName]
  const kept = await aDeployment(test.db, tenant, { template })
  const made = await aDeployment(test.db, tenant, { template, hosts })
  const { deploymentId } = made
  const finish = async (): Promise<unknown> =>
    test.db.first(finishDeleteDeployment, { deploymentId, auditId: newId('aud'), activityId: newId('act') })
  expect(await finish()).toBeUndefined()
  await made.deleted()
  const results = await Promise.all(Array.from({ length: 20 }, finish))
  expect(results.filter((row) => row !== undefined)).toEqual([
    {
      deploymentId,
      orgId: tenant.orgId,
      teamId: tenant.teamId,
      ownerId: tenant.userId,
      deploymentName: made.deploymentName,
    },
  ])
  expect(await test.db.prisma.organization.findUnique({ where: { id: tenant.orgId } })).toMatchObject({
    deploymentsUsed: 1,
  })
  expect(await test.db.prisma.hostName.count({ where: { deploymentId } })).toBe(0)
  expect(await test.db.prisma.secretMeta.count({ where: { deploymentId } })).toBe(0)
  expect(await test.db.all(checkCounters, {})).toEqual([])
  expect((await claim('one')).map((row) => row.deploymentId)).toEqual([kept.deploymentId])
  // Its host name may be taken now.
  await aDeployment(test.db, tenant, { template, hosts })
})

it('frees a host name that is no longer wanted only when the resource without it was pushed', async () => {
  const hosts = ['old.example.com', 'kept.example.com'] as HostName[]
  const { deploymentId } = await aDeployment(test.db, tenant, { template, hosts })
  await claim('one')
  await test.db.one(updateDeployment, {
    enforceLimit: true,
    deploymentId,
    expectedGeneration: 1,
    templateVersionId: null,
    revisionId: newId('rev'),
    spec: {},
    secretVersions: {},
    secretOrigins: null,
    rollbackOf: null,
    note: '',
    hosts: ['kept.example.com', 'new.example.com'] as HostName[],
    secrets: [],
    removedSecrets: [],
    action: 'deployment:update',
    activityKind: 'updated',
    activityDetail: {},
    changes: {},
    followedService: null,
    followedDigest: null,
    ...by(tenant.userId),
  })
  const names = async (): Promise<string[]> =>
    (await test.db.prisma.hostName.findMany({ where: { deploymentId }, orderBy: { host: 'asc' } })).map(
      ({ host }) => host,
    )
  await test.db.one(markDeploymentPushed, { deploymentId, generation: 1, worker: 'one' })
  expect(await names()).toEqual(['kept.example.com', 'new.example.com', 'old.example.com'])
  expect(await claim('one')).toMatchObject([{ hosts: ['kept.example.com', 'new.example.com'] }])
  await test.db.one(markDeploymentPushed, { deploymentId, generation: 2, worker: 'one' })
  expect(await names()).toEqual(['kept.example.com', 'new.example.com'])
})

it('lists, page by page, what the cluster should hold', async () => {
  const made = []
  for (let count = 0; count < 5; count++) made.push(await aDeployment(test.db, tenant, { template }))
  for (const { deploymentId, generation } of await claim('one')) {
    await test.db.one(markDeploymentPushed, { deploymentId, generation, worker: 'one' })
  }
  await test.db.one(restartDeployment, {
    deploymentId: made[0]?.deploymentId ?? newId('dep'),
    ...by(tenant.userId),
  })
  const seen: string[] = []
  let after: string | null = null
  for (;;) {
    const page: RowOf<typeof listPushedDeployments>[] = await test.db.all(listPushedDeployments, {
      after,
      limit: 3,
    })
    if (page.length === 0) break
    seen.push(...page.filter((row) => row.orgId === tenant.orgId).map(({ deploymentId }) => deploymentId))
    after = page.at(-1)?.deploymentId ?? null
  }
  const wanted = made.slice(1).map(({ deploymentId }) => String(deploymentId))
  expect(seen).toEqual(wanted.toSorted())
})
