/** What Stripe says of a customer now is what stands here, whatever was said before and in what order. */
import { beforeEach, expect, it } from 'vitest'

import { newId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { StripePort, StripeSubscription } from '../../ports/stripe/port.ts'
import { aTenant, type Tenant } from '../../testing/builders.ts'
import { deployed } from '../../testing/deploy.ts'
import { useWorld } from '../../testing/world.ts'
import { foldCustomer, type FoldOutcome } from './fold-customer.ts'
import { aSubscription } from './testing/subscription.ts'

const world = useWorld({ isBillingEnabled: true })
let tenant: Tenant
let customerId: string
let truths: StripeSubscription[]
let cancelled: string[]

/** What of the port a fold asks for; each answer may be held back by a test. */
const stripe = {
  listSubscriptions: async () => Promise.resolve([...truths]),
  findCustomer: async () => Promise.resolve({ id: customerId, isDeleted: false }),
  listOpenCheckouts: async () => Promise.resolve([]),
  cancelNow: async ({ subscriptionId }: { subscriptionId: string }) => {
    cancelled.push(subscriptionId)
    truths = truths.map((each) => (each.id === subscriptionId ? { ...each, status: 'canceled' } : each))
    return Promise.resolve()
  },
}
const fold = async (given: Partial<typeof stripe> = {}): Promise<FoldOutcome> =>
  foldCustomer({ ...world.deps, stripe: { ...stripe, ...given } as unknown as StripePort }, customerId)

beforeEach(async () => {
  tenant = await aTenant(world.db, { plan: 'free' })
  customerId = `cus_${tenant.orgId}`
  const { orgId: id } = tenant
  await world.db.prisma.organization.update({ where: { id }, data: { stripeCustomerId: customerId } })
  await world.db.prisma.plan.update({
    where: { id: 'business' },
    data: { stripePriceMonth: 'price_business_month' },
  })
  truths = []
  cancelled = []
})

const aTruth = (given: Partial<StripeSubscription> = {}) =>
  aSubscription({ id: `sub_${tenant.orgId}`, customerId, ...given })
const stands = async () => {
  const { orgId: id } = tenant
  const { planId, billingStage, subscription } = await world.db.prisma.organization.findUniqueOrThrow({
    where: { id },
    include: { subscription: true },
  })
  return { planId, billingStage, subscription }
}

it('gives the plan of what is paid, and the free one when it has ended', async () => {
  truths = [aTruth({ trialEnd: new Date('2026-01-10T00:00:00Z'), status: 'trialing' })]
  expect(await fold()).toBe('folded')
  expect(await stands()).toMatchObject({
    planId: 'business',
    billingStage: 'full',
    subscription: {
      stripeSubscriptionId: truths[0]?.id,
      planId: 'business',
      status: 'trialing',
      interval: 'month',
      trialEnd: truths[0]?.trialEnd,
    },
  })
  truths = [aTruth({ status: 'canceled', endedAt: new Date('2026-01-10T00:00:00Z') })]
  await fold()
  expect(await stands()).toMatchObject({ planId: 'free', subscription: { status: 'canceled' } })
  const audit = await world.db.prisma.auditEvent.findMany({
    where: { orgId: tenant.orgId, action: 'billing:settled' },
    orderBy: { at: 'asc' },
  })
  expect(audit.map(({ changes }) => changes)).toEqual([
    { plan: { from: 'free', to: 'business' } },
    { plan: { from: 'business', to: 'free' } },
  ])
})

it('changes nothing, and writes no audit, when nothing has changed', async () => {
  truths = [aTruth()]
  await fold()
  const before = await stands()
  const count = async () => world.db.prisma.auditEvent.count({ where: { orgId: tenant.orgId } })
  const rows = await count()
  await fold()
  expect(await count()).toBe(rows)
  const after = await stands()
  expect(after).toEqual({ ...before, subscription: { ...before.subscription, updatedAt: expect.any(Date) } })
})

it('keeps the plan of who pays a price that is of no plan', async () => {
  truths = [aTruth()]
  await fold()
  truths = [aTruth({ priceId: 'price_of_nobody' })]
  await fold()
  expect(await stands()).toMatchObject({
    planId: 'business',
    subscription: { planId: null, priceId: 'price_of_nobody' },
  })
})

it('lets no answer that was asked for earlier replace one that was asked for later', async () => {
  truths = [aTruth()]
  const hold = Promise.withResolvers<undefined>()
  const asked = Promise.withResolvers<undefined>()
  const early = fold({
    listSubscriptions: async () => {
      const then = [...truths]
      asked.resolve(undefined)
      await hold.promise
      return then
    },
  })
  await asked.promise
  truths = [aTruth({ status: 'canceled' })]
  expect(await fold()).toBe('folded')
  hold.resolve(undefined)
  expect(await early).toBe('overtaken')
  expect(await stands()).toMatchObject({ planId: 'free', subscription: { status: 'canceled' } })
})

it('leaves one subscription of two tabs, and cancels nothing by an answer that is overtaken', async () => {
  const second = aTruth({ id: `sub_2_${tenant.orgId}`, createdAt: new Date('2026-01-02T00:00:00Z') })
  truths = [second, aTruth()]
  await fold()
  expect(cancelled).toEqual([second.id])
  expect((await stands()).subscription?.stripeSubscriptionId).toBe(`sub_${tenant.orgId}`)
  truths = [second, aTruth()]
  const overtaken = fold({
    listSubscriptions: async () => {
      const then = [...truths]
      truths = [aTruth()]
      await fold()
      return then
    },
  })
  expect(await overtaken).toBe('overtaken')
  expect(cancelled).toEqual([second.id])
})

it('takes a customer who was deleted at Stripe for one who has nothing', async () => {
  truths = [aTruth()]
  await fold()
  const refusing = { listSubscriptions: async () => fail('STRIPE_REFUSED', { reason: 'No such customer' }) }
  await expect(fold(refusing)).rejects.toMatchObject({ code: 'STRIPE_REFUSED' })
  expect((await stands()).planId).toBe('business')
  const findCustomer = async () => Promise.resolve({ id: customerId, isDeleted: true })
  expect(await fold({ ...refusing, findCustomer })).toBe('folded')
  expect(await stands()).toMatchObject({ planId: 'free', subscription: null })
})

it('knows a customer of nobody, and ends what a deleted organisation has bought', async () => {
  const { orgId } = tenant
  await world.db.prisma.organization.update({ where: { id: orgId }, data: { stripeCustomerId: null } })
  truths = [aTruth()]
  expect(await fold()).toBe('unknown_customer')
  expect(cancelled).toEqual([])
  await world.db.prisma.orgRemoval.create({
    data: { orgId: newId('org'), name: 'Gone', requestedById: tenant.userId, stripeCustomerId: customerId },
  })
  expect(await fold()).toBe('ended')
  expect(cancelled).toEqual([truths[0]?.id])
})

it('has the custom resources written anew when pods are to stop, or the plan keeps them apart otherwise', async () => {
  const id = await deployed(world, tenant)
  const waits = async () => {
    const row = await world.db.prisma.deployment.findUniqueOrThrow({ where: { id } })
    await world.db.prisma.deployment.update({ where: { id }, data: { pushedGeneration: row.generation } })
    return row.pushedGeneration < row.generation
  }
  await waits()
  truths = [aTruth()]
  await fold()
  expect(await waits()).toBe(true)
  await fold()
  expect(await waits()).toBe(false)
  const unpaidSince = new Date(world.deps.clock.nowMs() - 20 * 86_400_000)
  truths = [aTruth({ status: 'past_due', unpaidSince })]
  await fold()
  expect((await stands()).billingStage).toBe('suspended')
  expect(await waits()).toBe(true)
  truths = [aTruth()]
  await fold()
  expect((await stands()).billingStage).toBe('full')
  expect(await waits()).toBe(true)
})
