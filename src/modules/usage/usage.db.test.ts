/** Who sees which usage, as a report and as a file; and what a budget does. */
import { expect, it } from 'vitest'

import { LABELS } from '../../contract/crd/meta.ts'
import type { DeploymentId } from '../../contract/ids.ts'
import { useWebServer } from '../../testing/web-server.ts'
import { aMember, aTeam, aTenant, type Tenant } from '../../testing/builders.ts'
import { deployed } from '../../testing/deploy.ts'
import { useWorld } from '../../testing/world.ts'
import { pushAll } from './testing/metered.ts'

const prices = { currency: 'eur', cpuHour: 0.04, memoryHour: 0.005, storageMonth: 0.73 }
const world = useWorld({ usagePrices: prices })
const web = useWebServer(world)
const HOUR = 3_600_000

interface Hour {
  id: DeploymentId
  at: Date
  cpuHours?: number
  teamId?: string
  name?: string
}

async function entered(
  tenant: Tenant,
  { id, at, cpuHours = 1, teamId, name = 'My stack' }: Hour,
): Promise<void> {
  await world.db.prisma.usageHour.create({
    data: {
      deploymentId: id,
      hour: at,
      orgId: tenant.orgId,
      teamId: teamId ?? tenant.teamId,
      displayName: name,
      cpuMilliSeconds: cpuHours * 3_600_000,
      memoryMibSeconds: 1024 * 3600,
      storageMibSeconds: 0,
    },
  })
}
const january = (day: number, hour = 0): Date => new Date(Date.UTC(2026, 0, day, hour))
const month = '2026-01'

async function aStory() {
  const tenant = await aTenant(world.db)
  const other = await aTeam(world.db, tenant.orgId)
  const [mine, theirs] = [await deployed(world, tenant), await deployed(world, tenant)]
  await entered(tenant, { id: mine, at: january(1), name: 'Old name' })
  await entered(tenant, { id: mine, at: january(1, 5), name: '=2+5' })
  await entered(tenant, { id: theirs, at: january(3), cpuHours: 5, teamId: other, name: 'Theirs' })
  await entered(tenant, { id: mine, at: new Date(Date.UTC(2026, 1, 1)) })
  return { tenant, other, mine, theirs }
}

it('sums up a month by day and by deployment, the largest first, with what it costs', async () => {
  const { tenant, mine, theirs } = await aStory()
  const report = await (await world.as(tenant.userId)).usage.read({ orgId: tenant.orgId, month })
  expect(report.days.map(({ day, cpuHours }) => [day, cpuHours])).toEqual([
    ['2026-01-01', 2],
    ['2026-01-03', 5],
  ])
  expect(report.deployments.map(({ id, name, cpuHours }) => [id, name, cpuHours])).toEqual([
    [theirs, 'Theirs', 5],
    [mine, '=2+5', 2],
  ])
  expect(report).toMatchObject({
    isWhole: true,
    countedUntil: '2026-01-03T01:00:00.000Z',
    total: { cpuHours: 7, memoryGibHours: 3, cents: expect.closeTo(7 * 4 + 3 * 0.5, 9) },
    others: null,
    prices,
  })
})

it('shows a member the usage of their teams alone, and a stranger nothing', async () => {
  const { tenant, other } = await aStory()
  const read = async (userId: Tenant['userId']) =>
    (await world.as(userId)).usage.read({ orgId: tenant.orgId, month })
  const admin = await read(await aMember(world.db, tenant, { org: 'org_admin' }))
  expect(admin.total.cpuHours).toBe(7)
  const viewer = await read(await aMember(world.db, { ...tenant, teamId: other }, { team: 'viewer' }))
  expect(viewer).toMatchObject({ isWhole: false, total: { cpuHours: 5 } })
  const nobody = await read(await aMember(world.db, tenant))
  expect(nobody).toMatchObject({ isWhole: false, total: { cpuHours: 0 }, countedUntil: null, days: [] })
  await expect(read((await aTenant(world.db)).userId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

it('gives each hour as CSV, in which no name is a formula, to the same readers', async () => {
  const { tenant, mine, other } = await aStory()
  const download = async (userId: Tenant['userId']) => {
    const answer = await web.fetch(`/api/orgs/${tenant.orgId}/usage.csv?month=${month}`, {
      cookie: await web.cookieOf(userId),
    })
    return { status: answer.status, lines: (await answer.text()).trimEnd().split('\r\n') }
  }
  const { lines } = await download(tenant.userId)
  expect(lines).toHaveLength(4)
  expect(lines[0]).toMatch(/^"hour","deployment_id","deployment"/)
  expect(lines[2]).toBe(
    `"2026-01-01T05:00:00.000Z","${mine}","'=2+5","${tenant.teamId}","1.000000","1.000000","0.000000"`,
  )
  const viewer = await aMember(world.db, { ...tenant, teamId: other }, { team: 'viewer' })
  expect((await download(viewer)).lines).toHaveLength(2)
  expect((await download((await aTenant(world.db)).userId)).status).toBe(404)
})

it('gives all pages of a long month', async () => {
  const tenant = await aTenant(world.db)
  const ids = await Promise.all(Array.from({ length: 4 }, async () => deployed(world, tenant)))
  const data = ids.flatMap((deploymentId) =>
    Array.from({ length: 600 }, (_, n) => ({
      ...{ deploymentId, hour: new Date(january(1).getTime() + n * HOUR), orgId: tenant.orgId },
      ...{ teamId: tenant.teamId, displayName: 'x' },
      ...{ cpuMilliSeconds: 1, memoryMibSeconds: 1, storageMibSeconds: 1 },
    })),
  )
  await world.db.prisma.usageHour.createMany({ data })
  const answer = await web.fetch(`/api/orgs/${tenant.orgId}/usage.csv?month=${month}`, {
    cookie: await web.cookieOf(tenant.userId),
  })
  const lines = (await answer.text()).trimEnd().split('\r\n')
  expect(new Set(lines).size).toBe(2401)
})

it.each([
  {
    from: 'UPDATE',
    change: async () => world.db.prisma.usageHour.updateMany({ data: { cpuMilliSeconds: 0 } }),
  },
  { from: 'DELETE', change: async () => world.db.prisma.usageHour.deleteMany({}) },
])('never changes what is in the ledger by $from', async ({ change }) => {
  await aStory()
  await expect(change()).rejects.toMatchObject({ constraint: 'usage_hours_immutable' })
})

it('stops what runs when a hard budget is used up, once, and lets it run when there is more', async () => {
  const tenant = await aTenant(world.db)
  const id = await deployed(world, tenant)
  await pushAll(world)
  const now = world.deps.clock.nowMs()
  const at = new Date(Math.floor(now / HOUR) * HOUR)
  await entered(tenant, { id, at, cpuHours: 100 })
  const api = await world.as(tenant.userId)
  const { orgId } = tenant
  const isSuspended = async () => {
    await pushAll(world)
    return world.kube
      .watchUserDeployments()
      .list()
      .find(({ metadata }) => metadata.labels?.[LABELS.deploymentId] === id)?.spec.suspended
  }
  const soft = await api.usage.setBudget({ orgId, amountCents: 300, stops: false })
  expect(soft).toMatchObject({ isStopped: false, spentCents: expect.closeTo(400.5, 6) })
  expect(await isSuspended()).toBe(false)
  expect(await api.usage.setBudget({ orgId, amountCents: 300, stops: true })).toMatchObject({
    isStopped: true,
  })
  expect(await isSuspended()).toBe(true)
  expect(await api.usage.setBudget({ orgId, amountCents: 9900, stops: true })).toMatchObject({
    isStopped: false,
  })
  expect(await isSuspended()).toBe(false)
  const kinds = await world.db.prisma.outbox.findMany({
    where: { kind: 'budget' },
    orderBy: { createdAt: 'asc' },
  })
  expect(kinds.map(({ payload }) => (payload as { what: string }).what)).toEqual([
    'warned',
    'stopped',
    'resumed',
  ])
  const audit = await world.db.prisma.auditEvent.findMany({
    where: { orgId, action: { in: ['billing:manage', 'org:suspend'] } },
  })
  expect(audit).toHaveLength(5)
})

it('lets the owner alone see and set the budget', async () => {
  const tenant = await aTenant(world.db)
  const admin = await world.as(await aMember(world.db, tenant, { org: 'org_admin' }))
  await expect(admin.usage.budget({ orgId: tenant.orgId })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(
    admin.usage.setBudget({ orgId: tenant.orgId, amountCents: 1, stops: false }),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' })
})
