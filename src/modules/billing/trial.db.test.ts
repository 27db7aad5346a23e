/** A plan that is tried before it is paid: its end with a card that works, with one that does not, and without a wish. */
import { expect, it } from 'vitest'

import { manualClock } from '../../ports/clock/fake.ts'
import { systemClock } from '../../ports/clock/system.ts'
import { aTenant } from '../../testing/builders.ts'
import { useWorld } from '../../testing/world.ts'

const TRIAL_DAYS = 14
const clock = manualClock(systemClock.nowMs())
const world = useWorld({ isBillingEnabled: true, trialDays: TRIAL_DAYS, clock })
const DAY_MS = 86_400_000

function after(days: number): void {
  clock.advance(days * DAY_MS)
  // Time passes at Stripe too.
  world.stripe.account.now()
}

/** An organisation that has just begun to try the business plan. */
async function trying() {
  const { orgId, userId } = await aTenant(world.db, { plan: 'free' })
  const api = await world.as(userId)
  const now = async () => api.billing.overview({ orgId, isFresh: true })
  const subscribe = async () => {
    const { url } = await api.billing.checkout({ orgId, plan: 'business', interval: 'month' })
    world.stripe.account.completeCheckout(url.split('/').at(-1) ?? '')
    return now()
  }
  const begun = await subscribe()
  expect(begun).toMatchObject({ plan: 'business', subscription: { status: 'trialing' } })
  const ends = new Date(begun.subscription?.trialEnd ?? '').getTime()
  expect(Math.abs(ends - clock.nowMs() - TRIAL_DAYS * DAY_MS)).toBeLessThan(60_000)
  const paid = async (): Promise<number> =>
    (await api.billing.invoices({ orgId })).reduce(
      (sum, { status, total }) => sum + (status === 'paid' ? total : 0),
      0,
    )
  expect(await paid()).toBe(0)
  const { stripeCustomerId } = await world.db.prisma.organization.findUniqueOrThrow({ where: { id: orgId } })
  return { orgId, api, now, subscribe, paid, customerId: stripeCustomerId ?? '' }
}

it('is paid for when its trial ends, and has no second one', async () => {
  const { orgId, api, now, subscribe, paid } = await trying()
  after(TRIAL_DAYS - 1)
  expect(await now()).toMatchObject({ subscription: { status: 'trialing' } })
  expect(await paid()).toBe(0)
  after(2)
  expect(await now()).toMatchObject({ plan: 'business', subscription: { status: 'active' } })
  const month = (await now()).offers.find(({ id }) => id === 'business')?.month?.amount ?? 0
  expect(month).toBeGreaterThan(0)
  expect(await paid()).toBe(month)
  await api.billing.cancel({ orgId })
  after(40)
  expect(await now()).toMatchObject({ plan: 'free', subscription: null })
  expect((await subscribe()).subscription).toMatchObject({ status: 'active', trialEnd: null })
})

it('keeps its plan for a while when the card does not work at the end, and says so', async () => {
  const { now, paid, customerId } = await trying()
  world.stripe.account.useCard(customerId, 'declines')
  after(TRIAL_DAYS + 1)
  expect(await now()).toMatchObject({
    plan: 'business',
    subscription: { status: 'past_due' },
    standing: { stage: 'banner', why: 'past_due', next: { stage: 'frozen' } },
  })
  expect(await paid()).toBe(0)
})

it('ends without a bill for who does not want to go on', async () => {
  const { orgId, api, now, paid } = await trying()
  await api.billing.cancel({ orgId })
  expect(await now()).toMatchObject({ plan: 'business', subscription: { status: 'trialing' } })
  after(TRIAL_DAYS + 1)
  expect(await now()).toMatchObject({ plan: 'free', subscription: null, standing: { stage: 'full' } })
  expect(await paid()).toBe(0)
})
