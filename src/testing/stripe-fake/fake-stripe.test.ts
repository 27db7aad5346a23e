import { expect, it } from 'vitest'

import { newId } from '../../contract/ids.ts'
import { manualClock } from '../../ports/clock/fake.ts'
import { createFakeStripe, WEBHOOK_SECRET } from './fake-stripe.ts'

const orgId = newId('org')
const DAY_MS = 86_400_000

async function opened({ trialDays = 0, priceId = 'price_business_month' } = {}) {
  const stripe = createFakeStripe(manualClock())
  const customer = await stripe.createCustomer({ key: 'c', orgId, name: 'Acme', email: 'a@example.com' })
  const subscribe = async (key = 's') =>
    stripe.createCheckout({
      key,
      orgId,
      customerId: customer.id,
      priceId,
      trialDays,
      successUrl: 'https://shipyard.example.com/billing',
      cancelUrl: 'https://shipyard.example.com/tier/select',
    })
  const only = async () => {
    const [first] = await stripe.listSubscriptions(customer.id)
    if (!first) throw new Error('there is no subscription')
    return first
  }
  return { stripe, account: stripe.account, customerId: customer.id, subscribe, only }
}

const typesOf = (events: readonly { readonly type: string }[]): string[] => events.map(({ type }) => type)

it('subscribes by a checkout, renews, and says so by events', async () => {
  const { stripe, account, customerId, subscribe, only } = await opened()
  const checkout = await subscribe()
  expect(await stripe.listOpenCheckouts(customerId)).toMatchObject([
    { id: checkout.id, priceId: 'price_business_month' },
  ])
  account.completeCheckout(checkout.id)
  const { currentPeriodEnd = new Date(0) } = await only()
  expect(await only()).toMatchObject({ status: 'active', orgId, interval: 'month', unpaidSince: undefined })
  expect(typesOf(account.events)).toEqual(
    expect.arrayContaining(['customer.subscription.created', 'invoice.paid', 'checkout.session.completed']),
  )
  account.advanceTo(currentPeriodEnd)
  expect((await only()).currentPeriodEnd?.toISOString()).toBe('2026-03-01T00:00:00.000Z')
  expect((await stripe.listInvoices(customerId)).map(({ total }) => total)).toEqual([2_900, 2_900])
})

it('is past due from the charge that failed on, gives up after the last try, and recovers before it', async () => {
  const { account, customerId, subscribe, only } = await opened()
  account.setAfterRetries('unpaid')
  account.completeCheckout((await subscribe()).id)
  account.useCard(customerId, 'declines')
  account.advanceDays(32)
  const { status, unpaidSince } = await only()
  expect([status, unpaidSince?.toISOString()]).toEqual(['past_due', '2026-02-01T00:00:00.000Z'])
  account.advanceDays(20)
  expect(await only()).toMatchObject({ status: 'unpaid', unpaidSince })
  account.advanceDays(30)
  expect(await only()).toMatchObject({ status: 'unpaid', unpaidSince })
  account.useCard(customerId, 'pays')
  account.payOpenInvoices(customerId)
  expect(await only()).toMatchObject({ status: 'active', unpaidSince: undefined })
})

it('charges for a change what it showed before', async () => {
  const { stripe, account, customerId, subscribe, only } = await opened()
  account.completeCheckout((await subscribe()).id)
  account.advanceDays(10)
  const { id: subscriptionId } = await only()
  const priceId = 'price_enterprise_month'
  const shown = await stripe.previewChange({ subscriptionId, priceId })
  expect(shown).toMatchObject({ next: { total: 29_900 }, currency: 'usd' })
  await stripe.changePrice({ key: 'x', subscriptionId, priceId, prorationAt: shown.prorationAt })
  const [invoice] = await stripe.listInvoices(customerId)
  // Two thirds of January are left, a day more or less.
  expect(shown.dueNow).toBe(Math.round((29_900 * 21) / 31) - Math.round((2_900 * 21) / 31))
  expect(invoice).toMatchObject({ total: shown.dueNow, status: 'paid' })
})

it('ends trials, and what is cancelled, at the end of the period', async () => {
  const { stripe, account, subscribe, only } = await opened({ trialDays: 14 })
  account.completeCheckout((await subscribe()).id)
  const { id: subscriptionId } = await only()
  expect(await only()).toMatchObject({ status: 'trialing' })
  account.advanceDays(15)
  expect(await only()).toMatchObject({ status: 'active' })
  await stripe.setCancelAtPeriodEnd({ key: 'x', subscriptionId, cancels: true })
  account.advanceDays(40)
  expect(await only()).toMatchObject({ status: 'canceled' })
  expect(typesOf(account.events).at(-1)).toBe('customer.subscription.deleted')
})

it('makes a thing once for each key, also where the answer was lost', async () => {
  const { stripe, subscribe, customerId } = await opened()
  stripe.lostAnswers = 1
  await expect(subscribe()).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
  await subscribe()
  await subscribe('another')
  expect(await stripe.listOpenCheckouts(customerId)).toHaveLength(2)
})

it('is away, and refuses, when a test says so', async () => {
  const { stripe, customerId } = await opened()
  stripe.isAway = true
  await expect(stripe.findCustomer(customerId)).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
  stripe.isAway = false
  stripe.refusal = 'Not today.'
  await expect(stripe.findCustomer(customerId)).rejects.toMatchObject({ code: 'STRIPE_REFUSED' })
})

it('lists events oldest first, and signs them as Stripe does', async () => {
  const { stripe, account, subscribe } = await opened()
  account.completeCheckout((await subscribe()).id)
  account.advanceDays(29)
  const listed = []
  for await (const { id } of stripe.listEvents(new Date(0))) listed.push(id)
  expect(listed).toEqual(account.events.map(({ id }) => id))
  const at = account.now()
  expect(stripe.readWebhook(stripe.webhook())).toMatchObject({ id: listed.at(-1) })
  const old = stripe.webhook(undefined, { at: new Date(at.getTime() - DAY_MS) })
  expect(() => stripe.readWebhook(old)).toThrow('WEBHOOK_REFUSED')
  const foreign = stripe.webhook(undefined, { secret: `${WEBHOOK_SECRET}x` })
  expect(() => stripe.readWebhook(foreign)).toThrow('WEBHOOK_REFUSED')
})
