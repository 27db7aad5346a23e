import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'

import { newId } from '../../contract/ids.ts'
import { manualClock } from '../../ports/clock/fake.ts'
import { systemClock } from '../../ports/clock/system.ts'
import type { StripePort } from '../../ports/stripe/port.ts'
import { createStripe } from '../../ports/stripe/stripe.ts'
import { stripeJourneys } from '../../ports/stripe/testing/journeys.ts'
import { startStripeServer, type StripeServer, type StripeServerOptions } from './server.ts'

const portOf = (apiUrl: string, key = 'sk_test'): StripePort =>
  createStripe({
    secretKey: { value: key },
    webhookSecret: { value: 'whsec' },
    apiUrl,
    clock: systemClock,
    retries: 0,
  })

stripeJourneys(async () => {
  const server = await startStripeServer({ clock: manualClock(systemClock.nowMs()), secretKey: 'sk_test' })
  return { port: portOf(server.url), account: server.account, close: async () => server.close() }
})

const closings: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closings.splice(0).map(async (close) => close()))
})

async function started(options: Partial<StripeServerOptions> = {}): Promise<StripeServer> {
  const server = await startStripeServer({ clock: systemClock, secretKey: 'sk_test', ...options })
  closings.push(server.close)
  return server
}

async function withCheckout(server: StripeServer) {
  const port = portOf(server.url)
  const orgId = newId('org')
  const { id } = await port.createCustomer({ key: orgId, orgId, name: '<Acme>', email: 'a@example.com' })
  const { url } = await port.createCheckout({
    ...{ key: 'a', orgId, customerId: id, priceId: 'price_business_month', trialDays: 0 },
    ...{ successUrl: 'http://app.test/ok?c={CHECKOUT_SESSION_ID}', cancelUrl: 'http://app.test/no' },
  })
  return { port, customerId: id, url }
}

const post = async (url: string, form: Record<string, string>): Promise<Response> =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' })

describe('the pages', () => {
  it('take a card that works, and not one that is declined', async () => {
    const { port, customerId, url } = await withCheckout(await started())
    expect(await (await fetch(url)).text()).toContain('Subscribe to Business')
    const declined = await post(url, { card: 'declines' })
    expect(declined.status).toBe(402)
    expect(await declined.text()).toContain('<p role="alert">Your card was declined.</p>')
    const unknown = await post(url, { card: 'pays', code: 'NOTHING' })
    expect(await unknown.text()).toContain('This code is invalid.')
    const paid = await post(url, { card: 'pays' })
    expect(paid.headers.get('location')).toMatch(/^http:\/\/app\.test\/ok\?c=cs_test_/)
    expect(await port.listSubscriptions(customerId)).toMatchObject([{ status: 'active' }])
    expect((await fetch(url)).status).toBe(410)
  })

  it('change plan and card, cancel and go on, and pay what is due', async () => {
    const server = await started()
    const { port, customerId, url } = await withCheckout(server)
    await post(url, { card: 'pays' })
    const { url: portal } = await port.createPortal({ customerId, returnUrl: 'http://app.test/billing' })
    expect(await (await fetch(portal)).text()).toContain('href="http://app.test/billing"')
    const [{ id: subscription } = { id: '' }] = await port.listSubscriptions(customerId)
    const newest = async () => (await port.listSubscriptions(customerId))[0]
    await post(portal, { action: 'cancel', subscription })
    expect(await newest()).toMatchObject({ cancelAtPeriodEnd: true })
    await post(portal, { action: 'resume', subscription })
    expect(await newest()).toMatchObject({ cancelAtPeriodEnd: false })
    await post(portal, { action: 'plan', subscription, price: 'price_enterprise_month' })
    expect(await newest()).toMatchObject({ priceId: 'price_enterprise_month' })
    await post(portal, { action: 'card', card: 'declines' })
    await post(server.url, { action: 'advance', days: '32' })
    expect(await newest()).toMatchObject({ status: 'past_due' })
    await post(portal, { action: 'card', card: 'pays' })
    const [{ pageUrl = '' } = {}] = await port.listInvoices(customerId)
    expect(await (await fetch(pageUrl)).text()).toContain('Pay now')
    await post(pageUrl, { action: 'pay' })
    expect(await newest()).toMatchObject({ status: 'active' })
  })

  it('take nothing that somebody is called for HTML', async () => {
    const server = await started()
    await withCheckout(server)
    const text = await (await fetch(server.url)).text()
    expect(text).toContain('&lt;Acme&gt;')
    expect(text).not.toContain('<Acme>')
  })
})

describe('trouble', () => {
  it('comes as it is asked for: an outage, a lost answer, a wrong key', async () => {
    const server = await started()
    const { port, customerId } = await withCheckout(server)
    await post(server.url, { action: 'go-away' })
    await expect(port.findCustomer(customerId)).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
    await post(server.url, { action: 'come-back' })
    await expect(portOf(server.url, 'sk_wrong').findCustomer(customerId)).rejects.toMatchObject({
      code: 'STRIPE_UNAVAILABLE',
      because: expect.stringContaining('does not take STRIPE_SECRET_KEY'),
    })
    expect(await port.findCustomer(customerId)).toMatchObject({ isDeleted: false })
    await post(server.url, { action: 'lose-answers', count: '1' })
    const orgId = newId('org')
    const make = async () => port.createCustomer({ key: orgId, orgId, name: 'B', email: 'b@example.com' })
    await expect(make()).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
    await make()
    expect(Object.keys(server.account.state.customers)).toHaveLength(2)
  })

  it('does not change what is remembered, when it goes on from there', async () => {
    const before = await started()
    const { url, customerId } = await withCheckout(before)
    await post(url, { card: 'pays' })
    before.account.advanceDays(40)
    const at = before.account.now()
    const after = await started({ state: structuredClone(before.account.state) })
    expect(after.account.now().getTime()).toBeGreaterThanOrEqual(at.getTime())
    expect(await portOf(after.url).listInvoices(customerId)).toHaveLength(2)
    after.account.advanceDays(31)
    expect(await portOf(after.url).listInvoices(customerId)).toHaveLength(3)
  })
})

describe('webhooks', () => {
  async function target(isTaken: (attempt: number) => boolean) {
    const taken: string[] = []
    let attempts = 0
    const reader = portOf('http://127.0.0.1:1').readWebhook
    const server = createServer((request: IncomingMessage, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        attempts += 1
        const signature = String(request.headers['stripe-signature'])
        if (isTaken(attempts)) taken.push(reader({ body: Buffer.concat(parts), signature }).id)
        response.writeHead(isTaken(attempts) ? 200 : 500).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closings.push(async () => server.close().closeAllConnections())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    return { taken, webhook: { url, secret: 'whsec', retryMs: 5 } }
  }

  it('are signed, and sent again until they are taken', async () => {
    const { taken, webhook } = await target((attempt) => attempt > 5)
    const server = await started({ webhook })
    const { url } = await withCheckout(server)
    await post(url, { card: 'pays' })
    await server.webhooks?.settled()
    expect(taken.toSorted()).toEqual(server.account.events.map(({ id }) => id).toSorted())
  })

  it('are lost, or come twice, where a test says so', async () => {
    const { taken, webhook } = await target(() => true)
    const server = await started()
    server.sendTo(webhook)
    await post(server.url, { action: 'webhooks', mode: 'lose' })
    const { url } = await withCheckout(server)
    await server.webhooks?.settled()
    expect(taken).toEqual([])
    await post(server.url, { action: 'webhooks', mode: 'repeat' })
    await post(url, { card: 'pays' })
    await server.webhooks?.settled()
    expect(new Set(taken).size).toBe(taken.length / 2)
    expect(taken.length).toBeGreaterThan(4)
  })
})
