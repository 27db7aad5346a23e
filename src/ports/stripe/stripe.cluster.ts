import { expect, inject, it } from 'vitest'

import { newId } from '../../contract/ids.ts'
import { systemClock } from '../clock/system.ts'
import type { StripePort } from './port.ts'
import { createStripe } from './stripe.ts'
import { fetchCarrier } from './transport.ts'

/** What was asked, as `POST /v1/customers`. stripe-mock refuses what Stripe's document does not allow. */
const asked = new Set<string>()

const port = createStripe({
  secretKey: { value: 'sk_test_123' },
  webhookSecret: { value: 'whsec' },
  apiUrl: inject('stackEnv')['STRIPE_MOCK_URL'],
  clock: systemClock,
  retries: 0,
  async carrier(sent) {
    asked.add(`${sent.method} ${new URL(sent.url).pathname.replaceAll(/(price|cus|sub|cs|in)_\w+/g, '{id}')}`)
    return fetchCarrier(sent)
  },
})

const orgId = newId('org')
const at = new Date(systemClock.nowMs())
const ids = { customerId: 'cus_1', subscriptionId: 'sub_1', priceId: 'price_1' }

async function all<Row>(rows: AsyncIterable<Row>): Promise<readonly Row[]> {
  const found: Row[] = []
  for await (const row of rows) found.push(row)
  return found
}

/** Call of the port → what is known of its answer, although stripe-mock's are always the same. */
const calls: Readonly<Record<Exclude<keyof StripePort, 'readWebhook'>, () => Promise<unknown>>> = {
  createCustomer: async () => port.createCustomer({ key: 'a', orgId, name: 'Acme', email: 'a@example.com' }),
  findCustomer: async () => port.findCustomer(ids.customerId),
  listCustomers: async () => all(port.listCustomers()),
  createCheckout: async () =>
    port.createCheckout({
      ...{ key: 'b', orgId, ...ids, trialDays: 14 },
      ...{ successUrl: 'https://example.com/a', cancelUrl: 'https://example.com/b' },
    }),
  expireCheckout: async () => port.expireCheckout('cs_1'),
  listOpenCheckouts: async () => port.listOpenCheckouts(ids.customerId),
  createPortal: async () =>
    port.createPortal({ customerId: ids.customerId, returnUrl: 'https://example.com' }),
  listSubscriptions: async () => port.listSubscriptions(ids.customerId),
  listAllSubscriptions: async () => all(port.listAllSubscriptions()),
  previewChange: async () => port.previewChange(ids),
  changePrice: async () => port.changePrice({ key: 'c', ...ids, prorationAt: at }),
  setCancelAtPeriodEnd: async () => port.setCancelAtPeriodEnd({ key: 'd', ...ids, cancels: true }),
  cancelNow: async () => port.cancelNow({ key: 'e', ...ids }),
  findPrices: async () => port.findPrices([ids.priceId]),
  listInvoices: async () => port.listInvoices(ids.customerId),
  listPaymentMethods: async () => port.listPaymentMethods(ids.customerId),
  listEvents: async () => all(port.listEvents(at)),
  reportUsage: async () =>
    port.reportUsage({ key: 'f', eventName: 'cpu', customerId: ids.customerId, value: 3, at }),
}

it.each(Object.entries(calls))('asks for %s as Stripe has it', async (name, call) => {
  const answer = await call()
  expect(typeof answer, name).toBe(['expireCheckout', 'reportUsage'].includes(name) ? 'undefined' : 'object')
})

it('reads what stripe-mock answers', async () => {
  const now = expect.any(Date) as Date
  expect(await calls.listSubscriptions()).toMatchObject([{ createdAt: now, currentPeriodEnd: now }])
  expect(await calls.findPrices()).toMatchObject([{ amount: expect.any(Number), currency: 'usd' }])
  expect(await calls.previewChange()).toMatchObject({ dueNow: expect.any(Number), prorationAt: now })
  expect(await calls.listPaymentMethods()).toMatchObject([{ type: 'card', last4: expect.any(String) }])
})

it('makes no call that its tests do not know', () => {
  expect([...asked].toSorted()).toMatchInlineSnapshot(`
    [
      "DELETE /v1/subscriptions/{id}",
      "GET /v1/checkout/sessions",
      "GET /v1/customers",
      "GET /v1/customers/{id}",
      "GET /v1/customers/{id}/payment_methods",
      "GET /v1/events",
      "GET /v1/invoices",
      "GET /v1/prices/{id}",
      "GET /v1/subscriptions",
      "GET /v1/subscriptions/{id}",
      "POST /v1/billing/meter_events",
      "POST /v1/billing_portal/sessions",
      "POST /v1/checkout/sessions",
      "POST /v1/checkout/sessions/{id}/expire",
      "POST /v1/customers",
      "POST /v1/invoices/create_preview",
      "POST /v1/subscriptions/{id}",
    ]
  `)
})
