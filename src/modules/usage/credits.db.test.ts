/** Credit pays before money does, to the cent and once, whoever dies or asks twice. */
import { expect, it } from 'vitest'

import { newId } from '../../contract/ids.ts'
import { manualClock } from '../../ports/clock/fake.ts'
import { systemClock } from '../../ports/clock/system.ts'
import { aMember, aTenant, type Tenant } from '../../testing/builders.ts'
import { codeOf } from '../../testing/code-of.ts'
import { deployed } from '../../testing/deploy.ts'
import { Death, failAtEachCall } from '../../testing/fail-at-each-call.ts'
import { useWorld } from '../../testing/world.ts'
import { enforceBudgets } from './budgets.ts'
import { closeCreditMonths, readCredits } from './credits.ts'
import { boundsOf, monthOf } from './months.ts'
import { aMetered, clockAtHour, heard } from './testing/metered.ts'

// A core for an hour costs one euro, and nothing else costs anything.
const usagePrices = { currency: 'eur', cpuHour: 1, memoryHour: 0, storageMonth: 0 }
const world = useWorld({ usagePrices })
const DAY = 24 * 3_600_000
const month = monthOf(systemClock.nowMs())
const { from, to } = boundsOf(month)

async function used({ orgId, teamId }: Tenant, cpuHours: number, hour = from): Promise<void> {
  const cpuMilliSeconds = cpuHours * 3_600_000
  const none = { memoryMibSeconds: 0, storageMibSeconds: 0 }
  await world.db.prisma.usageHour.create({
    data: { deploymentId: newId('dep'), hour, orgId, teamId, displayName: 'x', cpuMilliSeconds, ...none },
  })
}
async function anAdmin() {
  const { userId } = await aTenant(world.db)
  await world.db.prisma.user.update({ where: { id: userId }, data: { platformAdmin: true } })
  return world.as(userId)
}
const grant = async ({ orgId }: Tenant, amountCents: number, id = newId('crd')) =>
  (await anAdmin()).usage.grantCredit({ orgId, id, amountCents, reason: 'Welcome' })
const at = (ms: number) => ({ ...world.deps, clock: manualClock(ms) })
const entries = async ({ orgId }: Tenant) =>
  (await world.db.prisma.creditEntry.findMany({ where: { orgId }, orderBy: { createdAt: 'asc' } })).map(
    (row) => [row.month, row.amountCents],
  )

it('gives credit once for an id, takes some back, and shows it to the owner alone', async () => {
  const tenant = await aTenant(world.db)
  const { orgId } = tenant
  const id = newId('crd')
  await grant(tenant, 5000, id)
  await grant(tenant, 5000, id)
  await grant(tenant, -1000)
  await used(tenant, 15)
  const owner = await world.as(tenant.userId)
  expect(await owner.usage.credits({ orgId })).toMatchObject({
    ...{ leftCents: 2500, usedCents: 1500, currency: 'eur' },
    entries: [
      { amountCents: -1000, reason: 'Welcome' },
      { id, amountCents: 5000, reason: 'Welcome', month: null },
    ],
  })
  const audit = await world.db.prisma.auditEvent.findMany({ where: { orgId, action: 'org:grant-credit' } })
  expect(audit.map(({ detail }) => detail)).toContainEqual({ amountCents: 5000, reason: 'Welcome' })
  expect(audit).toHaveLength(2)
  const admin = await world.as(await aMember(world.db, tenant, { org: 'org_admin' }))
  expect(await codeOf(admin.usage.credits({ orgId }))).toBe('FORBIDDEN')
  expect(await codeOf(owner.usage.grantCredit({ orgId, id, amountCents: 1, reason: 'x' }))).toBe('NOT_FOUND')
  expect(await codeOf(grant({ ...tenant, orgId: newId('org') }, 1))).toBe('NOT_FOUND')
})

it('enters what a month took of it when the month is over, and only once', async () => {
  const tenant = await aTenant(world.db)
  await grant(tenant, 2000)
  await used(tenant, 15)
  await used(tenant, 9, to)
  await closeCreditMonths(at(to.getTime() + 2 * DAY))
  expect(await entries(tenant)).toEqual([[null, 2000]])
  // Not entered yet, and counted all the same.
  const early = await readCredits(at(to.getTime() + 2 * DAY), tenant.orgId)
  expect(early).toMatchObject({ leftCents: 0, usedCents: 500 })
  for (const _ of 'twice') await closeCreditMonths(at(to.getTime() + 4 * DAY))
  expect(await entries(tenant)).toEqual([
    [null, 2000],
    [month, -1500],
  ])
  expect(await readCredits(at(to.getTime() + 4 * DAY), tenant.orgId)).toMatchObject({
    ...{ leftCents: 0, usedCents: 500 },
    entries: [{ amountCents: -1500, month }, { amountCents: 2000 }],
  })
})

it('takes a month out of it once wherever a server dies, and with two at the same time', async () => {
  const tenants: Tenant[] = []
  const moments = await failAtEachCall({ db: world.db }, async (ports) => {
    const tenant = await aTenant(world.db)
    tenants.push(tenant)
    await grant(tenant, 2000)
    await used(tenant, 15)
    const later = at(to.getTime() + 4 * DAY)
    await closeCreditMonths({ ...later, ...ports }).catch((error: unknown) => {
      if (!(error instanceof Death)) throw error
    })
    await Promise.all([closeCreditMonths(later), closeCreditMonths({ ...later, db: world.connectAgain() })])
  })
  expect(moments.length).toBeGreaterThan(1)
  for (const tenant of tenants)
    expect(await entries(tenant)).toEqual([
      [null, 2000],
      [month, -1500],
    ])
})

it('counts nothing against a budget that credit pays for', async () => {
  const tenant = await aTenant(world.db)
  const { orgId } = tenant
  await deployed(world, tenant)
  await used(tenant, 50)
  await grant(tenant, 3000)
  const owner = await world.as(tenant.userId)
  const budget = { orgId, amountCents: 2500, stops: true }
  expect(await owner.usage.setBudget(budget)).toMatchObject({ spentCents: 2000, isStopped: false })
  await grant(tenant, -1000)
  await enforceBudgets(world.deps)
  expect(await owner.usage.budget({ orgId })).toMatchObject({ spentCents: 3000, isStopped: true })
})

it('stops within the hour that uses up a budget, and starts nothing while the cluster is away', async () => {
  const tenant = await aTenant(world.db)
  const { orgId } = tenant
  const clock = clockAtHour()
  const metered = await aMetered(world, tenant, clock)
  const deps = { ...world.deps, ...heard(world, clock) }
  const budgets = async () =>
    (await world.db.prisma.organization.findUniqueOrThrow({ where: { id: orgId } })).budgetStoppedAt !== null
  await (await world.as(tenant.userId)).usage.setBudget({ orgId, amountCents: 100, stops: true })
  metered.takes({ cpu: 4000, memory: 0, storage: 0 })
  clock.advance(14 * 60_000)
  await enforceBudgets(deps)
  expect(await budgets()).toBe(false)
  clock.advance(2 * 60_000)
  await enforceBudgets(deps)
  expect(await budgets()).toBe(true)
  await enforceBudgets({ ...deps, facts: { ...deps.facts, cluster: () => 'unreachable' } })
  expect(await budgets()).toBe(true)
})

it.each([
  {
    from: 'UPDATE',
    change: async () => world.db.prisma.creditEntry.updateMany({ data: { amountCents: 1 } }),
  },
  { from: 'DELETE', change: async () => world.db.prisma.creditEntry.deleteMany({}) },
])('never changes what is in the ledger of credit by $from', async ({ change }) => {
  await grant(await aTenant(world.db), 100)
  await expect(change()).rejects.toMatchObject({ constraint: 'credit_entries_immutable' })
})
