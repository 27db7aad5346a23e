import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'

import { programStore } from '../../../deploy/local/programs/store.ts'
import { manualClock } from '../../ports/clock/fake.ts'
import { createStripe } from '../../ports/stripe/stripe.ts'
import { stripeJourneys } from '../../ports/stripe/testing/journeys.ts'
import type { EventDoc } from './documents.ts'
import { checkerOf, type Checker, type OpenApiDocument, type Seen } from './openapi.ts'
import { startStripeServer } from './server.ts'

const seen: Seen[] = []
const told = {} as { events: readonly EventDoc[] }
const check = {} as Checker

beforeAll(async () => {
  const folder = await programStore({}).get('stripe-openapi')
  const document = JSON.parse(await readFile(join(folder, 'spec3.json'), 'utf8')) as OpenApiDocument
  Object.assign(check, checkerOf(document))
})

stripeJourneys(async () => {
  const clock = manualClock()
  const server = await startStripeServer({ clock, secretKey: 'sk_test' })
  const port = createStripe({
    secretKey: { value: 'sk_test' },
    webhookSecret: { value: 'whsec' },
    apiUrl: server.url,
    clock,
    async carrier({ method, url, headers, body }) {
      const answer = await fetch(url, { method, headers, ...(method === 'GET' ? {} : { body }) })
      const text = await answer.text()
      seen.push({ method, path: new URL(url).pathname, status: answer.status, json: JSON.parse(text) })
      return { status: answer.status, headers: {}, text }
    },
  })
  told.events = server.account.events
  return { port, account: server.account, close: async () => server.close() }
})

it('answers each kind of call as the document of Stripe says', () => {
  const kinds = new Set(seen.map(({ method, path, status }) => `${method} ${kindOf(path)} ${status}`))
  expect([...kinds].toSorted()).toMatchInlineSnapshot(`
    [
      "DELETE /v1/subscriptions/{id} 200",
      "DELETE /v1/subscriptions/{id} 404",
      "GET /v1/checkout/sessions 200",
      "GET /v1/checkout/sessions/{id} 200",
      "GET /v1/checkout/sessions/{id} 404",
      "GET /v1/customers 200",
      "GET /v1/customers/{id} 200",
      "GET /v1/customers/{id} 404",
      "GET /v1/customers/{id}/payment_methods 200",
      "GET /v1/events 200",
      "GET /v1/invoices 200",
      "GET /v1/prices/{id} 200",
      "GET /v1/prices/{id} 404",
      "GET /v1/subscriptions 200",
      "GET /v1/subscriptions/{id} 200",
      "POST /v1/billing/meter_events 200",
      "POST /v1/billing_portal/sessions 200",
      "POST /v1/checkout/sessions 200",
      "POST /v1/checkout/sessions 400",
      "POST /v1/checkout/sessions 404",
      "POST /v1/checkout/sessions/{id}/expire 200",
      "POST /v1/checkout/sessions/{id}/expire 400",
      "POST /v1/checkout/sessions/{id}/expire 404",
      "POST /v1/customers 200",
      "POST /v1/customers 400",
      "POST /v1/invoices/create_preview 200",
      "POST /v1/subscriptions/{id} 200",
      "POST /v1/subscriptions/{id} 400",
      "POST /v1/subscriptions/{id} 402",
    ]
  `)
  expect([...new Set(seen.flatMap((each) => check.answer(each)))]).toEqual([])
})

it('tells of objects as the document of Stripe says', () => {
  const types = new Set(told.events.map(({ type }) => type))
  expect([...types].toSorted()).toMatchInlineSnapshot(`
    [
      "checkout.session.completed",
      "checkout.session.expired",
      "customer.created",
      "customer.deleted",
      "customer.subscription.created",
      "customer.subscription.deleted",
      "customer.subscription.updated",
      "customer.updated",
      "invoice.created",
      "invoice.finalized",
      "invoice.paid",
      "invoice.payment_failed",
      "invoice.payment_succeeded",
      "payment_method.attached",
      "price.created",
      "price.deleted",
      "price.updated",
    ]
  `)
  const faults = told.events.flatMap(({ data: { object } }) => check.object(String(object['object']), object))
  expect([...new Set(faults)]).toEqual([])
})

it('would notice what Stripe has not, and what is missing', () => {
  const customer = seen.find(({ path, status }) => path === '/v1/customers' && status === 200)
  if (!customer) throw new Error('nobody became a customer')
  const { id: _id, ...rest } = customer.json as { id: string }
  expect(check.answer({ ...customer, json: rest })).not.toEqual([])
  expect(check.answer({ ...customer, json: { ...(customer.json as object), nickname: 'x' } })).not.toEqual([])
  expect(check.answer({ ...customer, path: '/v1/clients' })).toEqual(['Stripe has no POST /v1/clients'])
})

const kindOf = (path: string): string => path.replaceAll(/(price|cus|sub|cs|in)_\w+/g, '{id}')
