/** An owner pays, changes, cancels and goes on; whatever goes wrong, there is one subscription and a clear sentence. */
import { expect, it } from 'vitest'

import { subscribed } from '../../testing/billing-inputs.ts'
import { aMember, aTenant, type Tenant } from '../../testing/builders.ts'
import { codeOf } from '../../testing/code-of.ts'
import { deployed } from '../../testing/deploy.ts'
import { useWorld } from '../../testing/world.ts'
import { holdOverLimit } from './hold-over-limit.ts'

const world = useWorld({ isBillingEnabled: true })
const MONTHLY = { plan: 'business', interval: 'month' } as const

const orgOf = async ({ orgId: id }: Pick<Tenant, 'orgId'>) =>
  world.db.prisma.organization.findUniqueOrThrow({ where: { id } })

async function free() {
  const tenant = await aTenant(world.db, { plan: 'free' })
  return { tenant, orgId: tenant.orgId, api: await world.as(tenant.userId) }
}

/** The number of the checkout is the end of its address. */
const checkoutIn = ({ url }: { url: string }): string => url.split('/').at(-1) ?? ''

it('leads from the free plan through a page of Stripe to the plan that is paid', async () => {
  const { orgId, api } = await free()
  const before = await api.billing.overview({ orgId })
  expect(before).toMatchObject({ plan: 'free', isChosen: false, subscription: null, isCustomer: false })
  expect(before.offers.map(({ month }) => month?.currency)).toEqual([undefined, 'usd', 'usd'])
  const page = await api.billing.checkout({ orgId, ...MONTHLY })
  world.stripe.account.completeCheckout(checkoutIn(page))
  const after = await api.billing.overview({ orgId, isFresh: true })
  expect(after).toMatchObject({
    plan: 'business',
    isChosen: true,
    subscription: { status: 'active', plan: 'business', interval: 'month', endsAt: null },
    used: { deployments: { used: 0, limit: 10 } },
  })
  expect(await api.billing.invoices({ orgId })).toHaveLength(1)
  expect(await api.billing.paymentMethods({ orgId })).toMatchObject([{ type: 'card', isDefault: true }])
  expect((await api.billing.portal({ orgId })).url).toMatch(/^https?:/)
})

it('ends in one subscription when two tabs subscribe at once', async () => {
  const { orgId, api } = await free()
  const asked = ['month', 'year', 'month'] as const
  const results = await Promise.allSettled(
    asked.map(async (interval) => api.billing.checkout({ orgId, plan: 'business', interval })),
  )
  const pages = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  expect(pages.length).toBeGreaterThan(0)
  const { stripeCustomerId } = await orgOf({ orgId })
  const open = await world.stripe.listOpenCheckouts(stripeCustomerId ?? '')
  expect(open).toHaveLength(1)
  world.stripe.account.completeCheckout(open[0]?.id ?? '')
  expect(await codeOf(api.billing.checkout({ orgId, ...MONTHLY }))).toBe('ALREADY_SUBSCRIBED')
  expect(world.stripe.account.subscriptionsOf(stripeCustomerId ?? '')).toHaveLength(1)
})

it('takes back the page that was opened before, when another one is asked for', async () => {
  const { orgId, api } = await free()
  const first = await api.billing.checkout({ orgId, ...MONTHLY })
  expect(await api.billing.checkout({ orgId, ...MONTHLY })).toEqual(first)
  await api.billing.checkout({ orgId, plan: 'business', interval: 'year' })
  expect(() => world.stripe.account.completeCheckout(checkoutIn(first))).toThrow(/expired/)
})

it('gives its turn back when Stripe is away', async () => {
  const { orgId, api } = await free()
  await api.billing.overview({ orgId })
  world.stripe.isAway = true
  try {
    expect(await codeOf(api.billing.checkout({ orgId, ...MONTHLY }))).toBe('STRIPE_UNAVAILABLE')
    expect(await api.billing.overview({ orgId, isFresh: true })).toMatchObject({ plan: 'free' })
  } finally {
    world.stripe.isAway = false
  }
  expect(await codeOf(api.billing.checkout({ orgId, ...MONTHLY }))).toBe('none')
})

it('makes a new customer for one that was deleted at Stripe', async () => {
  const { orgId, api } = await free()
  await api.billing.checkout({ orgId, ...MONTHLY })
  const { stripeCustomerId: first } = await orgOf({ orgId })
  world.stripe.account.deleteCustomer(first ?? '')
  const page = await api.billing.checkout({ orgId, ...MONTHLY })
  world.stripe.account.completeCheckout(checkoutIn(page))
  expect(await api.billing.overview({ orgId, isFresh: true })).toMatchObject({ plan: 'business' })
  expect((await orgOf({ orgId })).stripeCustomerId).not.toBe(first)
})

it('charges for a change what it showed, and cancels and goes on', async () => {
  const { tenant, orgId, api } = await free()
  await subscribed(world, tenant, 'price_business_month')
  world.stripe.account.advanceDays(10)
  const wanted = { orgId, plan: 'enterprise', interval: 'month' } as const
  const { prorationAt, dueNow, currency } = await api.billing.previewChange(wanted)
  expect([dueNow > 0, currency]).toEqual([true, 'usd'])
  await api.billing.changePlan({ ...wanted, prorationAt })
  const { plan } = await api.billing.overview({ orgId, isFresh: true })
  expect(plan).toBe('enterprise')
  const [latest] = await api.billing.invoices({ orgId })
  expect(latest?.total).toBe(dueNow)

  await api.billing.cancel({ orgId })
  const cancelled = await api.billing.overview({ orgId, isFresh: true })
  expect(cancelled.subscription?.endsAt).toBe(cancelled.subscription?.currentPeriodEnd)
  await api.billing.resume({ orgId })
  await api.billing.cancel({ orgId })
  await api.billing.resume({ orgId })
  expect(await api.billing.overview({ orgId, isFresh: true })).toMatchObject({
    subscription: { endsAt: null },
  })
})

it('says what cannot be bought or changed', async () => {
  const { orgId, api } = await free()
  expect(await codeOf(api.billing.cancel({ orgId }))).toBe('NOT_SUBSCRIBED')
  expect(await codeOf(api.billing.portal({ orgId }))).toBe('NOT_SUBSCRIBED')
  expect(await codeOf(api.billing.previewChange({ orgId, ...MONTHLY }))).toBe('NOT_SUBSCRIBED')
})

it('is for owners alone', async () => {
  const { tenant, orgId } = await free()
  const admin = await world.as(await aMember(world.db, tenant, { org: 'org_admin' }))
  expect(await codeOf(admin.billing.overview({ orgId }))).toBe('FORBIDDEN')
  expect(await codeOf(admin.billing.checkout({ orgId, ...MONTHLY }))).toBe('FORBIDDEN')
})

it('stops the newest that a smaller plan does not allow, or what its owner keeps last, and starts them again', async () => {
  const tenant = await aTenant(world.db)
  const { orgId } = tenant
  const api = await world.as(tenant.userId)
  await world.db.prisma.organization.update({ where: { id: orgId }, data: { planId: 'business' } })
  const ids: string[] = []
  for (let n = 0; n < 3; n++) ids.push(await deployed(world, tenant))
  const held = async () =>
    (await api.billing.deployments({ orgId })).filter(({ isHeld }) => isHeld).map(({ id }) => id)
  const to = async (planId: string) => {
    await world.db.prisma.organization.update({ where: { id: orgId }, data: { planId } })
    await holdOverLimit(world.deps)
  }
  await to('free')
  expect(await held()).toEqual(ids.slice(1))
  await api.billing.keep({ orgId, keep: ids.slice(2) })
  await holdOverLimit(world.deps)
  expect(await held()).toEqual(ids.slice(0, 2))
  expect(await holdOverLimit(world.deps)).toBe(0)
  const shown = await api.deployments.get({ id: ids[0] as never })
  expect(shown).toMatchObject({ suspended: true, haltedBy: 'plan' })
  await to('business')
  expect(await held()).toEqual([])
  const { generation } = await world.db.prisma.deployment.findUniqueOrThrow({ where: { id: ids[1] ?? '' } })
  expect(generation).toBe(3)
})
