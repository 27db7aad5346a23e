/** Only what Stripe has signed comes in, once, and is answered before anything is done about it. */
import { beforeEach, expect, it } from 'vitest'

import { aTenant } from '../testing/builders.ts'
import { WEBHOOK_SECRET } from '../testing/stripe-fake/fake-stripe.ts'
import { signatureOf } from '../testing/stripe-fake/signature.ts'
import { useWebServer } from '../testing/web-server.ts'
import { useWorld } from '../testing/world.ts'

const world = useWorld({ isBillingEnabled: true })
const web = useWebServer(world)
const unbilled = useWorld()
const webUnbilled = useWebServer(unbilled)
let eventId: string

beforeEach(async () => {
  const { orgId, email } = await aTenant(world.db)
  await world.stripe.createCustomer({ key: orgId, orgId, name: 'Ada and friends', email })
  eventId = world.stripe.account.events.at(-1)?.id ?? ''
})

/** As Stripe posts it: no cookie, no origin. */
const post = async (body: Buffer | string, headers: Record<string, string>, at = web.url) =>
  fetch(`${at}/stripe/webhook`, { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers })
const json = { 'content-type': 'application/json; charset=utf-8' }
async function posted(body: Buffer | string, signature?: string): Promise<[number, unknown]> {
  const answer = await post(body, signature === undefined ? json : { ...json, 'stripe-signature': signature })
  const { code, sentence } = (await answer.json()) as { code?: string; sentence?: string }
  return [answer.status, code === undefined ? 'taken' : `${code} ${sentence}`]
}
const rows = async () => world.db.prisma.stripeEvent.findMany({ where: { id: eventId } })

it('keeps an event with the customer whom it is about, and answers', async () => {
  const { body, signature } = world.stripe.webhook()
  expect(await posted(body, signature)).toEqual([200, 'taken'])
  const [row] = await rows()
  expect(row).toMatchObject({
    type: 'customer.created',
    livemode: false,
    source: 'webhook',
    processedAt: null,
  })
  expect(row?.customerId).toMatch(/^cus_/)
  expect(row?.payload).toEqual(JSON.parse(body.toString()))
})

it('takes an event that comes again, or five times at once, for the one that it has', async () => {
  const { body, signature } = world.stripe.webhook()
  const answers = await Promise.all([1, 2, 3, 4, 5].map(async () => posted(body, signature)))
  expect(new Set(answers.map(([status]) => status))).toEqual(new Set([200]))
  const [first] = await rows()
  expect(await posted(body, signature)).toEqual([200, 'taken'])
  expect(await rows()).toEqual([first])
})

it.each([
  ['without a signature', () => undefined],
  ['with a signature by another secret', (body: Buffer) => signedAt(body, 0, 'whsec_of_a_stranger')],
  ['of six minutes ago', (body: Buffer) => signedAt(body, 6 * 60_000)],
  ['with something that is no signature', () => 't=now,v1=xxx'],
  ['with the signature of another event', () => signedAt(Buffer.from('{}'), 0)],
])('refuses an event %s, and keeps nothing', async (_, sign) => {
  const { body } = world.stripe.webhook()
  const [status, said] = await posted(body, sign(body))
  expect(status).toBe(400)
  expect(said).toMatch(/^WEBHOOK_REFUSED This is no event of Stripe’s/)
  expect(await rows()).toEqual([])
})

const signedAt = (body: Buffer, ageMs: number, secret = WEBHOOK_SECRET): string =>
  signatureOf(body, { secret, at: new Date(world.deps.clock.nowMs() - ageMs) })

it.each(['', '{', '[]', '{"object":"event"}', 'null'])('refuses %j, although it is signed', async (text) => {
  const body = Buffer.from(text)
  expect(await posted(body, signedAt(body, 0))).toEqual([400, expect.stringMatching(/^WEBHOOK_REFUSED/)])
})

it('refuses an event of the other one of Stripe’s two modes', async () => {
  const body = Buffer.from(JSON.stringify({ ...world.stripe.account.events.at(-1), livemode: true }))
  expect(await posted(body, signedAt(body, 0))).toEqual([400, expect.stringMatching(/live/)])
  expect(await rows()).toEqual([])
})

it('takes a body of a little less than 1 MB, and none that is larger', async () => {
  const event = world.stripe.account.events.at(-1)
  const padded = (size: number): Buffer =>
    Buffer.from(JSON.stringify({ ...event, id: eventId, padding: 'x'.repeat(size) }))
  const large = padded(1_100_000)
  expect(await posted(large, signedAt(large, 0))).toEqual([413, expect.stringMatching(/larger than 1024 kB/)])
  expect(await rows()).toEqual([])
  const fits = padded(1_000_000)
  expect(await posted(fits, signedAt(fits, 0))).toEqual([200, 'taken'])
})

it('reads the bytes as they came, whatever they are said to be', async () => {
  const { body, signature } = world.stripe.webhook()
  const answer = await post(body, { 'content-type': 'text/plain', 'stripe-signature': signature })
  expect(answer.status).toBe(200)
  expect(await rows()).toHaveLength(1)
})

it('is not there where nobody pays', async () => {
  const { body, signature } = world.stripe.webhook()
  const answer = await post(body, { ...json, 'stripe-signature': signature }, webUnbilled.url)
  expect(answer.status).toBe(404)
})

it('leaves the bodies of all other addresses as they were', async () => {
  const answer = await fetch(`${web.url}/trpc/auth.me`, {
    method: 'POST',
    body: 'x',
    headers: { 'content-type': 'text/x' },
  })
  expect(answer.status).not.toBe(500)
})
