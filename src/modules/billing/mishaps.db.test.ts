/** What happens to accounts with Stripe that nobody planned: a clear sentence, one subscription, no money lost. */
import { beforeAll, expect, it } from 'vitest'

import { DEFAULT_PLANS } from '../../contract/tiers.ts'
import { subscribed } from '../../testing/billing-inputs.ts'
import { aTenant } from '../../testing/builders.ts'
import { codeOf } from '../../testing/code-of.ts'
import { aForm, deployed } from '../../testing/deploy.ts'
import { contextFor } from '../../testing/grid.ts'
import { appRouter } from '../../rpc/app-router.ts'
import { publicErrorOf } from '../../rpc/error-format.ts'
import { t } from '../../rpc/init.ts'
import { useWorld } from '../../testing/world.ts'
import { deliveriesOf } from '../../workers/deliveries.ts'
import { deliverEffects } from '../outbox/deliver-effects.ts'
import { foldCustomer } from './fold-customer.ts'
import { openCheckout } from './open-checkout.ts'

const world = useWorld({ isBillingEnabled: true })
const MONTHLY = { plan: 'business', interval: 'month' } as const
let euro: string

// The list of prices is kept for a while, so what is to be missing is missing from the beginning.
beforeAll(() => {
  world.stripe.account.retirePrice('price_enterprise_year')
  euro = world.stripe.account.addPrice({ amount: 2_000, currency: 'eur', interval: 'month' }).id
})

async function free() {
  const tenant = await aTenant(world.db, { plan: 'free' })
  return { tenant, orgId: tenant.orgId, api: await world.as(tenant.userId) }
}
/** As people read it. */
const sentenceOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'none',
    (error: unknown) => publicErrorOf(error, { requestId: '' }).sentence,
  )
const fold = async (customerId: string) => foldCustomer({ ...world.deps, stripe: world.stripe }, customerId)
const subscriptionsOf = (customerId: string) =>
  world.stripe.account.subscriptionsOf(customerId).map(({ status, currency }) => [status, currency])

it('says so when a plan is sold in another currency than its customer pays in, and changes nothing', async () => {
  const { tenant, orgId, api } = await free()
  const customerId = await subscribed(world, tenant, euro)
  const wanted = { orgId, ...MONTHLY }
  expect(await codeOf(api.billing.previewChange(wanted))).toBe('CURRENCY_DIFFERS')
  const prorationAt = new Date().toISOString()
  expect(await sentenceOf(api.billing.changePlan({ ...wanted, prorationAt }))).toBe(
    'The Business plan is sold in USD, and your organisation pays in EUR, which cannot be mixed. Ask whoever runs this installation for a price in EUR.',
  )
  expect(subscriptionsOf(customerId)).toEqual([['active', 'eur']])
  for (const { id } of world.stripe.account.subscriptionsOf(customerId)) world.stripe.account.cancelNow(id)
  await fold(customerId)
  expect(await codeOf(api.billing.checkout(wanted))).toBe('CURRENCY_DIFFERS')
  expect(await world.stripe.listOpenCheckouts(customerId)).toEqual([])
})

it('takes what a coupon makes free for what is paid, month after month', async () => {
  const { orgId, api } = await free()
  world.stripe.account.addPromotionCode('NOTHING', 100)
  const { url } = await api.billing.checkout({ orgId, ...MONTHLY })
  const checkoutId = url.split('/').at(-1) ?? ''
  world.stripe.account.completeCheckout(checkoutId, { card: 'declines', promotionCode: 'NOTHING' })
  const whole = { plan: 'business', standing: { stage: 'full' }, subscription: { status: 'active' } }
  expect(await api.billing.overview({ orgId, isFresh: true })).toMatchObject(whole)
  world.stripe.account.advanceDays(70)
  expect(await api.billing.overview({ orgId, isFresh: true })).toMatchObject(whole)
  const invoices = await api.billing.invoices({ orgId })
  expect(invoices.map(({ total, status }) => [total, status])).toEqual(
    Array.from({ length: 3 }, () => [0, 'paid']),
  )
})

it('ends what a deleted organisation pays for, with the page it could pay on, and gives back what is left', async () => {
  const { tenant, orgId, api } = await free()
  const customerId = await subscribed(world, tenant, 'price_business_month')
  const page = await world.stripe.createCheckout({
    ...{ key: `for ${orgId}`, orgId, customerId, priceId: 'price_business_year', trialDays: 0 },
    ...{ successUrl: 'https://a.example.com', cancelUrl: 'https://a.example.com' },
  })
  world.stripe.account.advanceDays(15)
  await api.orgs.delete({ orgId })
  const failed: unknown[] = []
  const given = {
    worker: 'one',
    signal: new AbortController().signal,
    onFailure: (error: unknown) => void failed.push(error),
  }
  const deliver = async () => deliverEffects(world, deliveriesOf(world.deps), given)
  world.stripe.isAway = true
  await deliver()
  expect(failed).toHaveLength(1)
  expect(subscriptionsOf(customerId)).toEqual([['active', 'usd']])
  world.stripe.isAway = false
  await world.db.prisma.outbox.updateMany({ data: { sendAfter: new Date(0) } })
  await deliver()
  expect(subscriptionsOf(customerId)).toEqual([['canceled', 'usd']])
  expect(() => world.stripe.account.completeCheckout(page.id)).toThrow(/expired/)
  expect(world.stripe.account.state.customers[customerId]?.balance).toBeLessThan(-1_000)
})

it('ends what a deleted organisation buys on a page that was open in another tab', async () => {
  const { tenant, orgId, api } = await free()
  const customerId = await subscribed(world, tenant, 'price_business_month')
  await api.orgs.delete({ orgId })
  world.stripe.account.subscribe({ customerId, priceId: 'price_business_year' })
  expect(await fold(customerId)).toBe('ended')
  expect(subscriptionsOf(customerId)).toEqual([
    ['canceled', 'usd'],
    ['canceled', 'usd'],
  ])
})

it('says that a plan cannot be bought so, where it has no price or a retired one', async () => {
  const { orgId, api } = await free()
  const yearly = { orgId, plan: 'enterprise', interval: 'year' } as const
  expect(await sentenceOf(api.billing.checkout(yearly))).toMatch(
    /^The Enterprise plan cannot be bought by the year here\./,
  )
  expect((await api.billing.overview({ orgId })).offers.map(({ year }) => year === null)).toEqual([
    true,
    false,
    true,
  ])
  const unpriced = { ...world.deps, settings: { ...world.deps.settings, plans: DEFAULT_PLANS } }
  await expect(
    openCheckout(unpriced, { scope: { orgId } } as never, { orgId, ...MONTHLY }),
  ).rejects.toMatchObject({
    code: 'PRICE_MISSING',
  })
})

it('leaves who pays a price that was retired as they are, and lets them go and come back', async () => {
  const { tenant, orgId, api } = await free()
  const customerId = await subscribed(world, tenant, 'price_enterprise_month')
  world.stripe.account.retirePrice('price_enterprise_month')
  world.stripe.account.advanceDays(40)
  const whole = { plan: 'enterprise', standing: { stage: 'full' }, subscription: { status: 'active' } }
  expect(await api.billing.overview({ orgId, isFresh: true })).toMatchObject(whole)
  await api.billing.cancel({ orgId })
  await api.billing.resume({ orgId })
  expect(await api.billing.overview({ orgId, isFresh: true })).toMatchObject(whole)
  const { prorationAt } = await api.billing.previewChange({ orgId, ...MONTHLY })
  await api.billing.changePlan({ orgId, ...MONTHLY, prorationAt })
  expect(await api.billing.overview({ orgId, isFresh: true })).toMatchObject({ plan: 'business' })
  expect(subscriptionsOf(customerId)).toEqual([['active', 'usd']])
})

it('makes nothing new by a key of an organisation that does not pay, and reads and deletes by it', async () => {
  const tenant = await aTenant(world.db)
  const { orgId } = tenant
  const id = await deployed(world, tenant)
  const owner = await world.as(tenant.userId)
  const scopes = ['deployments:read', 'deployments:write'] as const
  const { key } = await owner.apiKeys.own.create({ orgId, name: 'ci', scopes: [...scopes] })
  await world.db.prisma.organization.update({ where: { id: orgId }, data: { billingStage: 'frozen' } })
  const withKey = () =>
    t.createCallerFactory(appRouter)(contextFor(world, { credentials: { kind: 'api_key', key } }))
  const create = async () => codeOf(withKey().deployments.create(await aForm(world, tenant.teamId)))
  expect(await create()).toBe('PAYMENT_REQUIRED')
  expect((await withKey().deployments.get({ id })).id).toBe(id)
  await withKey().deployments.delete({ id })
  await world.db.prisma.organization.update({ where: { id: orgId }, data: { billingStage: 'full' } })
  expect(await create()).toBe('none')
})
