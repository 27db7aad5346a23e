import { expect, it } from 'vitest'

import { newId } from '../../contract/ids.ts'
import { manualClock } from '../../ports/clock/fake.ts'
import { stripeJourneys } from '../../ports/stripe/testing/journeys.ts'
import { createFakeStripe, WEBHOOK_SECRET } from './fake-stripe.ts'

const orgId = newId('org')
const DAY_MS = 86_400_000

stripeJourneys(async () => {
  const port = createFakeStripe(manualClock())
  return { port, account: port.account, close: async () => undefined }
})

async function opened() {
  const stripe = createFakeStripe(manualClock())
  const make = async () => stripe.createCustomer({ key: 'c', orgId, name: 'Acme', email: 'a@example.com' })
  return { stripe, make }
}

it('makes a thing once, also where the answer was lost', async () => {
  const { stripe, make } = await opened()
  stripe.lostAnswers = 1
  await expect(make()).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
  await make()
  expect(Object.keys(stripe.account.state.customers)).toHaveLength(1)
  expect(stripe.calls).toEqual(['POST /v1/customers', 'POST /v1/customers'])
})

it('is away, refuses and waits, when a test says so', async () => {
  const { stripe, make } = await opened()
  stripe.isAway = true
  await expect(make()).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
  stripe.isAway = false
  stripe.refusal = 'Not today.'
  await expect(make()).rejects.toMatchObject({ code: 'STRIPE_REFUSED', params: { reason: 'Not today' } })
  stripe.refusal = undefined
  const held = Promise.withResolvers<void>()
  stripe.beforeAnswer = async () => held.promise
  const made = make()
  expect(Object.keys(stripe.account.state.customers)).toEqual([])
  held.resolve()
  expect(await made).toMatchObject({ orgId, isDeleted: false })
})

it('signs events as Stripe does', async () => {
  const { stripe, make } = await opened()
  const { id } = await make()
  expect(stripe.readWebhook(stripe.webhook())).toMatchObject({ type: 'customer.created', customerId: id })
  const old = stripe.webhook(undefined, { at: new Date(stripe.account.now().getTime() - DAY_MS) })
  expect(() => stripe.readWebhook(old)).toThrow('WEBHOOK_REFUSED')
  const foreign = stripe.webhook(undefined, { secret: `${WEBHOOK_SECRET}x` })
  expect(() => stripe.readWebhook(foreign)).toThrow('WEBHOOK_REFUSED')
})

it('tells each event once, also to a listener who signs it', async () => {
  const { stripe, make } = await opened()
  const { account } = stripe
  const heard: string[] = []
  const before = account.events.length
  account.onEvent((event) => void heard.push(stripe.readWebhook(stripe.webhook(event)).id))
  await make()
  expect(heard.length).toBeGreaterThan(0)
  expect(heard).toEqual(account.events.slice(before).map(({ id }) => id))
})
