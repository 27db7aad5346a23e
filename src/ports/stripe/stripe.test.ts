import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'

import { newId } from '../../contract/ids.ts'
import { isAppError } from '../../errors.ts'
import { systemClock } from '../clock/system.ts'
import type { StripePort } from './port.ts'
import { createStripe, type StripeOptions } from './stripe.ts'
import type { Answered, Sent } from './transport.ts'

const KEY = 'sk_test_canary'
const customer = { id: 'cus_1', object: 'customer', metadata: {}, email: null }

const open = (given: Partial<StripeOptions> = {}): StripePort =>
  createStripe({
    secretKey: { value: KEY },
    webhookSecret: { value: 'whsec' },
    clock: systemClock,
    retries: 0,
    ...given,
  })

const answered = (status: number, json: unknown, headers: Answered['headers'] = {}): Answered => ({
  status,
  headers,
  text: JSON.stringify(json),
})

/** Answers by the given ones, the last one again and again. */
function answering(...answers: Answered[]) {
  const sent: Sent[] = []
  const carrier = async (request: Sent): Promise<Answered> => {
    sent.push(request)
    const answer = answers[Math.min(sent.length, answers.length) - 1]
    if (!answer) throw new Error('there is no answer')
    return answer
  }
  return { sent, carrier }
}

describe('what Stripe refuses', () => {
  it.each([
    ['a card', 402, { type: 'card_error', code: 'card_declined' }, 'STRIPE_REFUSED'],
    ['a request', 400, { type: 'invalid_request_error' }, 'STRIPE_REFUSED'],
    ['what is not there', 404, { type: 'invalid_request_error', code: 'resource_missing' }, 'STRIPE_REFUSED'],
    ['a key for something else', 400, { type: 'idempotency_error' }, 'STRIPE_REFUSED'],
    ['two at once', 409, { type: 'idempotency_error', code: 'idempotency_key_in_use' }, 'STRIPE_UNAVAILABLE'],
    ['a lock', 429, { type: 'invalid_request_error', code: 'lock_timeout' }, 'STRIPE_UNAVAILABLE'],
    ['too many calls', 429, { type: 'invalid_request_error', code: 'rate_limit' }, 'STRIPE_UNAVAILABLE'],
    ['everything, by a fault', 500, { type: 'api_error' }, 'STRIPE_UNAVAILABLE'],
    ['the key', 401, { type: 'invalid_request_error' }, 'STRIPE_UNAVAILABLE'],
    ['what the key may do', 403, { type: 'invalid_request_error' }, 'STRIPE_UNAVAILABLE'],
  ])('says so of %s', async (_, status, error, code) => {
    const { carrier } = answering(answered(status, { error: { message: 'In its words.', ...error } }))
    const call = open({ carrier }).listInvoices('cus_1')
    await expect(call).rejects.toMatchObject({ code, because: expect.stringContaining('In its words') })
    const params = code === 'STRIPE_REFUSED' ? { reason: 'In its words' } : {}
    await expect(call).rejects.toMatchObject({ params })
  })

  it('tells the log alone that the key is wrong, and nobody the key', async () => {
    const { carrier, sent } = answering(answered(401, { error: { type: 'x', message: 'Invalid API Key' } }))
    const error: unknown = await open({ carrier })
      .listInvoices('cus_1')
      .catch((each: unknown) => each)
    if (!isAppError(error)) throw error
    expect(error.because).toContain('Stripe does not take STRIPE_SECRET_KEY')
    expect(JSON.stringify(error.toPublic())).not.toContain('STRIPE_SECRET_KEY')
    expect(sent[0]?.headers['Authorization']).toBe(`Bearer ${KEY}`)
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(KEY)
  })
})

describe('an outage', () => {
  const servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections()
  })

  const served = async (server: Server): Promise<StripePort> => {
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    return open({ apiUrl: `http://127.0.0.1:${port}`, timeoutMs: 300 })
  }

  it('ends a call that nobody answers', async () => {
    const port = await served(createServer(() => undefined))
    await expect(port.findCustomer('cus_1')).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
  })

  it('ends a call that is answered in drops', async () => {
    const timers: NodeJS.Timeout[] = []
    const port = await served(
      createServer((_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        timers.push(setInterval(() => response.write(' '), 20))
      }),
    )
    await expect(port.findCustomer('cus_1')).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
    for (const timer of timers) clearInterval(timer)
  })

  it('takes what is no JSON for one', async () => {
    const port = await served(createServer((_, response) => response.end('<html>')))
    await expect(port.findCustomer('cus_1')).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
  })

  it('is got over where the second try is answered, with the same key', async () => {
    const { carrier, sent } = answering(
      answered(503, { error: { type: 'api_error' } }),
      answered(200, customer),
    )
    const port = open({ carrier, retries: 1 })
    const orgId = newId('org')
    await port.createCustomer({ key: 'once', orgId, name: 'Acme', email: 'a@example.com' })
    expect(sent.map(({ headers }) => headers['Idempotency-Key'])).toEqual(['once', 'once'])
  })
})

describe('a call', () => {
  it('says which version of Stripe it means, and nothing of this machine', async () => {
    const { carrier, sent } = answering(answered(200, customer, { 'stripe-notice': 'look at this' }))
    await open({ carrier }).findCustomer('cus_1')
    expect(sent[0]?.url).toBe('https://api.stripe.com:443/v1/customers/cus_1')
    expect(sent[0]?.headers).toMatchObject({ 'Stripe-Version': '2026-10-28.endive' })
    expect(sent[0]?.headers).not.toHaveProperty('X-Stripe-Client-Telemetry')
  })

  it('leads nowhere else, whatever an id is', async () => {
    const { carrier, sent } = answering(answered(200, customer))
    await open({ carrier }).findCustomer('../prices/a?b#c')
    expect(sent[0]?.url).toBe('https://api.stripe.com:443/v1/customers/..%2Fprices%2Fa%3Fb%23c')
  })

  it('shows the key that is in the file at that moment', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shipyard-stripe-'))
    const file = join(folder, 'key')
    const { carrier, sent } = answering(answered(200, customer))
    const port = open({ carrier, secretKey: { file } })
    for (const key of ['sk_one', 'sk_two']) {
      writeFileSync(file, `${key}\n`)
      await port.findCustomer('cus_1')
    }
    expect(sent.map(({ headers }) => headers['Authorization'])).toEqual(['Bearer sk_one', 'Bearer sk_two'])
    rmSync(folder, { recursive: true })
    await expect(port.findCustomer('cus_1')).rejects.toMatchObject({
      code: 'STRIPE_UNAVAILABLE',
      because: expect.stringContaining('ENOENT'),
    })
  })

  it('takes usage that was counted before for counted', async () => {
    const error = { type: 'invalid_request_error', message: 'An event already exists with identifier a.' }
    const usage = { key: 'a', eventName: 'cpu', customerId: 'cus_1', value: 1, at: new Date(0) }
    await open(answering(answered(400, { error }))).reportUsage(usage)
    const other = { ...error, message: 'There is no meter of that name.' }
    await expect(open(answering(answered(400, { error: other }))).reportUsage(usage)).rejects.toMatchObject({
      code: 'STRIPE_REFUSED',
    })
  })

  it('guesses nothing of a state that it does not know', async () => {
    const subscription = { id: 'sub_1', status: 'asleep', customer: 'cus_1', created: 1, items: { data: [] } }
    const { carrier } = answering(answered(200, { object: 'list', data: [subscription], has_more: false }))
    await expect(open({ carrier }).listSubscriptions('cus_1')).rejects.toMatchObject({
      code: 'STRIPE_UNAVAILABLE',
      because: expect.stringContaining('asleep'),
    })
  })
})
