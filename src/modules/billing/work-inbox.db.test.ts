/** Events are worked on at least once, by whoever is there, and kept with what came of them. */
import { beforeAll, beforeEach, expect, it, vi } from 'vitest'

import { newId } from '../../contract/ids.ts'
import { Death, failAtEachCall } from '../../testing/fail-at-each-call.ts'
import { useWorld } from '../../testing/world.ts'
import type { Needed } from './fold-customer.ts'
import { fetchMissedEvents } from './fetch-missed-events.ts'
import { receiveEvents } from './receive-events.ts'
import { anAccount, pricedPlans, type Account } from './testing/account.ts'
import { workInbox } from './work-inbox.ts'

const world = useWorld({ isBillingEnabled: true })
const { signal } = new AbortController()
let own: Account

beforeAll(async () => pricedPlans(world))
beforeEach(async () => {
  world.stripe.isAway = false
  await world.db.prisma.stripeEvent.deleteMany()
  own = await anAccount(world)
})

const deps = (): Needed => ({ ...world.deps, stripe: world.stripe })
async function work(given: Partial<Needed> = {}, worker = 'one'): Promise<unknown[]> {
  const failures: unknown[] = []
  const onFailure = (error: unknown): unknown => failures.push(error)
  await workInbox({ ...deps(), ...given }, { worker, signal, onFailure: (error) => void onFailure(error) })
  return failures
}
/** Everything that has happened to the customer, told once. */
async function tellAll(): Promise<void> {
  const { stripe } = world
  for (const event of stripe.account.events) {
    const notice = stripe.readWebhook(stripe.webhook(event))
    if (notice.customerId === own.customerId) await receiveEvents(world.deps, [notice], 'webhook')
  }
}
const subscribe = () =>
  world.stripe.account.subscribe({ customerId: own.customerId, priceId: 'price_business_month' })
const planOf = async ({ orgId: id } = own): Promise<string> =>
  (await world.db.prisma.organization.findUniqueOrThrow({ where: { id } })).planId
const outcomes = async () =>
  new Set((await world.db.prisma.stripeEvent.findMany()).map(({ outcome, error }) => outcome ?? error))
const due = async () => world.db.prisma.stripeEvent.updateMany({ data: { processAfter: new Date(0) } })

it('asks for a customer once, however many events tell of it', async () => {
  subscribe()
  await tellAll()
  expect(await world.db.prisma.stripeEvent.count()).toBeGreaterThan(3)
  const before = world.stripe.calls.length
  expect(await work()).toEqual([])
  const asked = world.stripe.calls.slice(before).filter((call) => call === 'GET /v1/subscriptions')
  expect(asked).toHaveLength(1)
  expect(await planOf()).toBe('business')
  expect(await outcomes()).toContain('folded')
})

it.each([
  ['unknown_type', { type: 'meow.purred' }],
  ['no_customer', { type: 'invoice.paid', customerId: undefined }],
  ['unknown_customer', { type: 'invoice.paid', customerId: 'cus_of_nobody' }],
])('keeps an event that changes nothing, and says why: %s', async (outcome, given) => {
  const notice = world.stripe.readWebhook(world.stripe.webhook())
  await receiveEvents(world.deps, [{ ...notice, id: `evt_${newId('req')}`, ...given }], 'webhook')
  await work()
  expect([...(await outcomes())]).toEqual([outcome])
})

it('keeps why it failed, tries again after a pause, and asks nobody twice who is away', async () => {
  subscribe()
  await tellAll()
  const other = await anAccount(world)
  await tellAll()
  own = other
  await tellAll()
  world.stripe.isAway = true
  const failures = await work()
  expect(failures).toHaveLength(1)
  expect(failures).toMatchObject([{ code: 'STRIPE_UNAVAILABLE' }])
  expect([...(await outcomes())]).toEqual(
    expect.arrayContaining([expect.stringMatching(/^Stripe cannot be reached/), 'unknown_type']),
  )
  expect(await work()).toEqual([])
  world.stripe.isAway = false
  const rows = await world.db.prisma.stripeEvent.findMany()
  const latest = Math.max(...rows.map(({ processAfter }) => processAfter.getTime()))
  expect(latest - world.deps.clock.nowMs()).toBeLessThan(40_000)
  await due()
  await work()
  expect(await outcomes()).toEqual(new Set(['folded', 'unknown_type']))
})

it('finds what was told to nobody by Stripe’s own list, once', async () => {
  subscribe()
  const missing = await fetchMissedEvents(deps(), signal)
  expect(missing).toBeGreaterThan(3)
  await work()
  expect(await planOf()).toBe('business')
  expect(await fetchMissedEvents(deps(), signal)).toBe(0)
  await tellAll()
  expect(await world.db.prisma.stripeEvent.count({ where: { source: 'webhook' } })).toBe(0)
})

it('reads the list on from where it was cut off', async () => {
  subscribe()
  const stop = new AbortController()
  const insert = vi.spyOn(world.db, 'first')
  insert.mockImplementationOnce(async () => {
    stop.abort()
    return Promise.resolve(undefined)
  })
  await fetchMissedEvents({ ...deps(), db: world.db }, stop.signal)
  insert.mockRestore()
  await fetchMissedEvents(deps(), signal)
  await work()
  expect(await planOf()).toBe('business')
})

it('loses and doubles nothing wherever a server dies, before a call or after it', async () => {
  const moments = await failAtEachCall({ db: world.db, stripe: world.stripe }, async (ports, moment) => {
    own = await anAccount(world)
    const first = subscribe()
    const second = subscribe()
    await tellAll()
    await work(ports, 'dying').catch((error: unknown) => {
      if (!(error instanceof Death)) throw error
    })
    // Its claims end with time.
    await world.db.prisma.stripeEvent.updateMany({
      data: { claimedUntil: new Date(0), processAfter: new Date(0) },
    })
    await work({}, 'living')
    const waiting = await world.db.prisma.stripeEvent.count({ where: { processedAt: null } })
    const subscription = await world.db.prisma.subscription.findUnique({ where: { orgId: own.orgId } })
    const { orgId } = own
    const audit = await world.db.prisma.auditEvent.count({ where: { orgId, action: 'billing:settled' } })
    const states = world.stripe.account.subscriptionsOf(own.customerId).map(({ status }) => status)
    expect({
      ...moment,
      waiting,
      id: subscription?.stripeSubscriptionId,
      states,
      audit,
      plan: await planOf(),
    }).toEqual({
      ...moment,
      waiting: 0,
      id: first.id,
      states: ['active', 'canceled'],
      audit: 1,
      plan: 'business',
    })
    expect(second.id).not.toBe(first.id)
  })
  const calls = moments.map(({ call }) => call)
  for (const call of [
    'db.all claim-events',
    'stripe.listSubscriptions',
    'db.first write-standing',
    'stripe.cancelNow',
  ])
    expect(calls).toContain(call)
})
