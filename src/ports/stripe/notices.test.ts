import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

import { signatureOf } from '../../testing/stripe-fake/signature.ts'
import { manualClock } from '../clock/fake.ts'
import type { StripePort } from './port.ts'
import { createStripe } from './stripe.ts'

const clock = manualClock()
const now = new Date(clock.nowMs())

const reader = (
  webhookSecret: { value: string } | { file: string },
  secretKey = 'sk_live_1',
): StripePort['readWebhook'] =>
  createStripe({ secretKey: { value: secretKey }, webhookSecret, clock }).readWebhook

const read = reader({ value: 'whsec_old, whsec_new' })

const event = {
  ...{ id: 'evt_1', object: 'event', type: 'customer.subscription.updated', created: 5, livemode: true },
  data: { object: { id: 'sub_1', object: 'subscription', customer: 'cus_1' } },
}
const body = Buffer.from(JSON.stringify(event))
const signed = (bytes: Buffer, { secret = 'whsec_new', at = now } = {}) => ({
  body: bytes,
  signature: signatureOf(bytes, { secret, at }),
})
const before = (seconds: number): Date => new Date(now.getTime() - seconds * 1000)

it('reads an event that is signed by the new secret or the old one', () => {
  for (const secret of ['whsec_old', 'whsec_new'])
    expect(read(signed(body, { secret }))).toEqual({
      id: 'evt_1',
      type: 'customer.subscription.updated',
      isLive: true,
      createdAt: new Date(5_000),
      customerId: 'cus_1',
      payload: event,
    })
})

it('takes one that is five minutes old, and none that is older', () => {
  expect(read(signed(body, { at: before(300) })).id).toBe('evt_1')
  expect(() => read(signed(body, { at: before(301) }))).toThrow('WEBHOOK_REFUSED')
})

it.each([
  ['without a signature', { body, signature: undefined }],
  ['with an empty signature', { body, signature: '' }],
  ['with a signature of nonsense', { body, signature: 't=,v1=' }],
  ['signed by somebody else', signed(body, { secret: 'whsec' })],
  ['signed for another body', { ...signed(body), body: Buffer.from(`${body.toString()} `) }],
  ['with an old scheme alone', { body, signature: signed(body).signature.replace('v1=', 'v0=') }],
  [
    'with a time that was changed',
    { body, signature: signed(body).signature.replace(/t=\d+/, 't=99999999999') },
  ],
])('refuses a request %s', (_, request) => {
  expect(() => read(request)).toThrow('WEBHOOK_REFUSED')
})

it.each(['', '{', 'null', '[]', '"event"', '{"object":"event"}', '{"object":"v2.core.event","id":"evt"}'])(
  'refuses %j although it is signed: it is no event',
  (text) => {
    expect(() => read(signed(Buffer.from(text)))).toThrow('WEBHOOK_REFUSED')
  },
)

it('takes events of the mode alone that the key is of', () => {
  const inTest = Buffer.from(JSON.stringify({ ...event, livemode: false }))
  const readInTest = reader({ value: 'whsec_new' }, 'rk_test_1')
  expect(readInTest(signed(inTest)).isLive).toBe(false)
  expect(() => readInTest(signed(body))).toThrow('WEBHOOK_REFUSED')
  expect(() => read(signed(inTest))).toThrow('WEBHOOK_REFUSED')
})

it('knows whom an event is about, however it says so', () => {
  const about = (object: object): string | undefined =>
    read(signed(Buffer.from(JSON.stringify({ ...event, data: { object } })))).customerId
  expect(about({ object: 'customer', id: 'cus_2' })).toBe('cus_2')
  expect(about({ object: 'invoice', customer: { id: 'cus_3', object: 'customer' } })).toBe('cus_3')
  expect(about({ object: 'price', id: 'price_1' })).toBeUndefined()
  expect(about({ object: 'charge', customer: null })).toBeUndefined()
})

it('takes the secrets that are in the file at that moment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shipyard-stripe-'))
  const file = join(folder, 'secrets')
  const readByFile = reader({ file })
  writeFileSync(file, 'whsec_a\n')
  expect(readByFile(signed(body, { secret: 'whsec_a' })).id).toBe('evt_1')
  writeFileSync(file, 'whsec_b,whsec_c\n')
  expect(readByFile(signed(body, { secret: 'whsec_c' })).id).toBe('evt_1')
  expect(() => readByFile(signed(body, { secret: 'whsec_a' }))).toThrow('WEBHOOK_REFUSED')
  rmSync(folder, { recursive: true })
})

it('lets nothing through where no secret is left', () => {
  expect(() => reader({ value: ' , ' })(signed(body, { secret: ' ' }))).toThrow('WEBHOOK_REFUSED')
})
