/** Stripe is told what usage costs, each cent once, wherever a server dies. */
import { beforeEach, expect, it } from 'vitest'

import { newId } from '../../contract/ids.ts'
import { Death, failAtEachCall } from '../../testing/fail-at-each-call.ts'
import { useWorld } from '../../testing/world.ts'
import { anAccount, type Account } from '../billing/testing/account.ts'
import { creditsOf } from '../usage/credits.ts'
import { boundsOf, monthOf } from '../usage/months.ts'
import { reportUsage } from './report-usage.ts'

// A core for an hour costs one euro, and nothing else costs anything.
const usagePrices = { currency: 'eur', cpuHour: 1, memoryHour: 0, storageMonth: 0 }
const world = useWorld({ isBillingEnabled: true, usagePrices, meterEvent: 'shipyard_cents' })
const { signal } = new AbortController()

let own: Account
beforeEach(async () => {
  world.stripe.isAway = false
  own = await anAccount(world)
})

const present = () => boundsOf(monthOf(world.deps.clock.nowMs())).from
async function used(cpuHours: number, { orgId, teamId } = own, hour = present()): Promise<void> {
  const cpuMilliSeconds = Math.round(cpuHours * 3_600_000)
  const none = { memoryMibSeconds: 0, storageMibSeconds: 0 }
  await world.db.prisma.usageHour.create({
    data: { deploymentId: newId('dep'), hour, orgId, teamId, displayName: 'x', cpuMilliSeconds, ...none },
  })
}
const given = async (amountCents: number) =>
  world.db.prisma.creditEntry.create({
    data: { id: newId('crd'), orgId: own.orgId, amountCents, reason: 'Welcome', actorName: 'Ada' },
  })
const failures: unknown[] = []
const onFailure = (error: unknown): void => void failures.push(error)
const report = async (deps: object = {}) => reportUsage({ ...world.deps, ...deps }, { signal, onFailure })
const told = ({ customerId } = own) =>
  Object.values(world.stripe.account.state.usage)
    .filter(({ payload }) => payload.stripe_customer_id === customerId)
    .map(({ event_name: name, payload }) => [name, Number(payload.value)])
const sum = (account = own) => told(account).reduce((all, [, cents]) => all + Number(cents), 0)

it('tells by how much the cost has grown, in whole cents, and nothing twice', async () => {
  await used(1.257)
  await report()
  await report()
  expect(told()).toEqual([['shipyard_cents', 125]])
  await used(0.004)
  await report()
  expect(told()).toEqual([
    ['shipyard_cents', 125],
    ['shipyard_cents', 1],
  ])
})

it('tells late hours of the month before in that month', async () => {
  const hour = new Date(present().getTime() - 3_600_000)
  await used(2, own, hour)
  await report()
  const [event] = Object.values(world.stripe.account.state.usage).filter(
    ({ payload }) => payload.stripe_customer_id === own.customerId,
  )
  expect(event?.timestamp).toBe(present().getTime() / 1000 - 1)
})

it('leaves out what credit pays for, and lets credit pay for nothing that was told', async () => {
  await given(300)
  await used(5)
  await report()
  expect(sum()).toBe(200)
  await given(300)
  expect((await creditsOf(world.deps, own.orgId)).get(own.orgId)).toMatchObject({ left: 300, used: 300 })
  await used(4)
  await report()
  expect(sum()).toBe(300)
  expect((await creditsOf(world.deps, own.orgId)).get(own.orgId)).toMatchObject({ left: 0, used: 600 })
})

it('tells it when Stripe is there again, and keeps nobody waiting for who is refused', async () => {
  const gone = await anAccount(world)
  await used(1, gone)
  await used(1)
  world.stripe.isAway = true
  await report()
  expect([sum(gone), sum()]).toEqual([0, 0])
  world.stripe.isAway = false
  world.stripe.account.deleteCustomer(gone.customerId)
  failures.length = 0
  await report()
  expect(failures).toMatchObject([{ code: 'STRIPE_REFUSED' }])
  expect([sum(gone), sum()]).toEqual([0, 100])
  // Only an hour later is it its turn again.
  await report()
  expect(failures).toHaveLength(1)
  await world.db.prisma.usageReport.updateMany({
    where: { orgId: gone.orgId },
    data: { tryAfter: new Date(world.deps.clock.nowMs()) },
  })
  await report()
  expect(failures).toHaveLength(2)
  await world.db.prisma.usageReport.deleteMany({ where: { orgId: gone.orgId } })
})

it('tells each cent once wherever a server dies, and with two at the same time', async () => {
  const accounts: Account[] = []
  const moments = await failAtEachCall({ db: world.db, stripe: world.stripe }, async (ports) => {
    own = await anAccount(world)
    accounts.push(own)
    await used(1.5)
    await report(ports).catch((error: unknown) => {
      if (!(error instanceof Death)) throw error
    })
    await Promise.all([report(), report({ db: world.connectAgain() })])
  })
  expect(moments.map(({ call }) => call)).toContain('stripe.reportUsage')
  expect(accounts.map((account) => sum(account))).toEqual(accounts.map(() => 150))
})
