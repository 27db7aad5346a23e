/** From a payment that fails to its consequences and back, by the loops of a server, on a clock that is moved. */
import { beforeAll, beforeEach, expect, it, vi } from 'vitest'

import { manualClock } from '../../ports/clock/fake.ts'
import { systemClock } from '../../ports/clock/system.ts'
import { aTenant } from '../../testing/builders.ts'
import { deployed } from '../../testing/deploy.ts'
import { useWorld } from '../../testing/world.ts'
import { nameOf } from '../deployments/name-of.ts'
import { namespaceOf } from '../deployments/custom-resource.ts'
import { receiveEvents } from './receive-events.ts'
import { anAccount, pricedPlans, type Account } from './testing/account.ts'

const clock = manualClock(systemClock.nowMs())
const world = useWorld({ isBillingEnabled: true, clock, runsLoops: true })
const DAY_MS = 86_400_000
const WAIT = { timeout: 20_000, interval: 50 }
let own: Account
const told: Promise<void>[] = []

beforeAll(async () => {
  await pricedPlans(world)
  // What Stripe tells comes in as by its webhook.
  world.stripe.account.onEvent((event) => {
    const notice = world.stripe.readWebhook(world.stripe.webhook(event))
    told.push(receiveEvents(world.deps, [notice], 'webhook').then(() => world.deps.inbox.poke()))
  })
})
beforeEach(async () => {
  own = await anAccount(world)
  world.stripe.isAway = false
})

const poke = (name: string): void => world.workers.loops.find((loop) => loop.name === name)?.poke()
const orgRow = async () => world.db.prisma.organization.findUniqueOrThrow({ where: { id: own.orgId } })
async function becomes(stage: string): Promise<void> {
  await vi.waitFor(async () => {
    poke('settle-standing')
    expect((await orgRow()).billingStage).toBe(stage)
  }, WAIT)
}
/** Not while an event is worked on: it would be judged half by the time before, half by the time after. */
async function after(days: number): Promise<void> {
  await Promise.all(told)
  await vi.waitFor(async () => {
    expect(await world.db.prisma.stripeEvent.count({ where: { processedAt: null } })).toBe(0)
  }, WAIT)
  clock.advance(days * DAY_MS)
  // Time passes at Stripe too.
  world.stripe.account.now()
}
const subjects = () => world.mail.letters.filter(({ to }) => to === own.email).map(({ subject }) => subject)
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: { cause?: { code?: string } }) => error.cause?.code ?? 'another error',
  )

it('goes from stage to stage, each with its letter, and back within a moment of the payment', async () => {
  const { account } = world.stripe
  account.subscribe({ customerId: own.customerId, priceId: 'price_business_month' })
  account.setAfterRetries('unpaid')
  await vi.waitFor(async () => expect((await orgRow()).planId).toBe('business'), WAIT)
  const id = await deployed(world, own)
  const at = {
    name: nameOf(id),
    namespace: namespaceOf({ ownerId: own.userId, orgId: own.orgId }, world.deps.settings),
  }
  const view = world.kube.watchUserDeployments()
  const isSuspended = () => view.get(at)?.spec.suspended
  await vi.waitFor(() => expect(isSuspended()).toBe(false), WAIT)
  const makesTeam = async (): Promise<string> =>
    codeOf((await world.as(own.userId)).teams.create({ orgId: own.orgId, name: `Team ${Math.random()}` }))
  expect(await makesTeam()).toBe('none')

  account.useCard(own.customerId, 'declines')
  await after(31.1)
  await becomes('banner')
  expect(await makesTeam()).toBe('none')
  await after(7)
  await becomes('frozen')
  expect(await makesTeam()).toBe('PAYMENT_REQUIRED')
  expect(isSuspended()).toBe(false)
  await after(7)
  await becomes('suspended')
  expect(await makesTeam()).toBe('ORG_SUSPENDED')
  await vi.waitFor(() => expect(isSuspended()).toBe(true), WAIT)
  await after(30)
  await becomes('removing')
  const { billingNextStage, billingNextAt } = await orgRow()
  expect(billingNextStage).toBe('removed')
  expect(Math.round(((billingNextAt?.getTime() ?? 0) - clock.nowMs()) / DAY_MS)).toBe(14)

  account.useCard(own.customerId, 'pays')
  account.payOpenInvoices(own.customerId)
  await becomes('full')
  await vi.waitFor(() => expect(isSuspended()).toBe(false), WAIT)
  expect(await makesTeam()).toBe('none')
  await vi.waitFor(
    () =>
      expect(subjects()).toEqual([
        'A payment for Ada and friends did not succeed',
        'Nothing new can be made in Ada and friends until it is paid',
        'The apps of Ada and friends are stopped',
        'The apps and data of Ada and friends will be removed',
        'Ada and friends is paid, and all of it runs again',
      ]),
    WAIT,
  )
  const audit = await world.db.prisma.auditEvent.findMany({
    where: { orgId: own.orgId, action: 'billing:settled' },
    orderBy: { at: 'asc' },
  })
  const stages = audit.flatMap(({ changes }) => (changes as { stage?: { to: string } }).stage?.to ?? [])
  expect(stages).toEqual(['banner', 'frozen', 'suspended', 'removing', 'full'])
})

it('removes what was announced for two weeks, and nothing before', async () => {
  const { account } = world.stripe
  account.subscribe({ customerId: own.customerId, priceId: 'price_business_month' })
  account.setAfterRetries('unpaid')
  await vi.waitFor(async () => expect((await orgRow()).planId).toBe('business'), WAIT)
  const id = await deployed(world, own)
  account.useCard(own.customerId, 'declines')
  // Nobody was told for half a year: the announcement comes first all the same.
  await after(200)
  await becomes('removing')
  const isWanted = async () =>
    (await world.db.prisma.deployment.findUniqueOrThrow({ where: { id } })).deletedAt === null
  await after(13.9)
  await becomes('removing')
  expect(await isWanted()).toBe(true)
  await after(0.2)
  await becomes('removed')
  await vi.waitFor(async () => {
    poke('settle-standing')
    expect(await isWanted()).toBe(false)
  }, WAIT)
})

it('goes on by what it knows while Stripe is away for an hour, and needs no hand afterwards', async () => {
  const { account } = world.stripe
  account.subscribe({ customerId: own.customerId, priceId: 'price_business_month' })
  await vi.waitFor(async () => expect((await orgRow()).planId).toBe('business'), WAIT)
  world.stripe.isAway = true
  const subscription = account.subscriptionsOf(own.customerId)[0]
  if (subscription) account.cancelNow(subscription.id)
  clock.advance(3_600_000)
  await vi.waitFor(async () => {
    const failing = await world.db.prisma.stripeEvent.count({ where: { error: { startsWith: 'Stripe' } } })
    expect(failing).toBeGreaterThan(0)
  }, WAIT)
  const api = await world.as(own.userId)
  expect((await api.orgs.get({ orgId: own.orgId })).deployments.limit).toBe(10)
  world.stripe.isAway = false
  // The longest pause is half a minute.
  await vi.waitFor(async () => expect((await orgRow()).planId).toBe('free'), { ...WAIT, timeout: 60_000 })
}, 90_000)

it('ends what a deleted organisation has bought, and what is bought for it later', async () => {
  const { account } = world.stripe
  account.subscribe({ customerId: own.customerId, priceId: 'price_business_month' })
  await vi.waitFor(async () => expect((await orgRow()).planId).toBe('business'), WAIT)
  await (await world.as(own.userId)).orgs.delete({ orgId: own.orgId })
  const alive = () => account.subscriptionsOf(own.customerId).filter(({ status }) => status !== 'canceled')
  await vi.waitFor(() => expect(alive()).toEqual([]), WAIT)
  account.subscribe({ customerId: own.customerId, priceId: 'price_business_month' })
  expect(alive()).toHaveLength(1)
  await vi.waitFor(() => expect(alive()).toEqual([]), WAIT)
})

it('lets everybody go on where billing is switched off', async () => {
  const { orgId: id } = await aTenant(world.db)
  const late = { billingStage: 'suspended', billingNextStage: 'removing', billingNextAt: new Date() }
  await world.db.prisma.organization.update({ where: { id }, data: late })
  const { settleStandings } = await import('./settle-standings.ts')
  const settings = { ...world.deps.settings, isBillingEnabled: false }
  await settleStandings({ ...world.deps, settings }, new AbortController().signal)
  expect(await world.db.prisma.organization.findUniqueOrThrow({ where: { id } })).toMatchObject({
    billingStage: 'full',
    billingNextAt: null,
  })
})
