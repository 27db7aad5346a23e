/** Whatever order events come in, however often, lost or while others are worked on: what stands is what Stripe says. */
import fc from 'fast-check'
import { expect, inject, it } from 'vitest'

import { useWorld, type World } from '../../testing/world.ts'
import { anAccount, pricedPlans, type Account } from './testing/account.ts'
import { liveThrough, type Run } from './testing/stream-run.ts'
import { streams } from './testing/streams.ts'

/** Side by side, each on a database of its own, so that no stream meets another. */
const LANES = 4
const lanes = Array.from({ length: LANES }, () => useWorld({ isBillingEnabled: true, isMailless: true }))
const CASES = inject('testLevel') > 1 ? 10_000 : 60
const DAY_MS = 86_400_000

/** What stands here of an organisation. */
async function standsFor(world: World, { orgId: id }: Account) {
  const row = await world.db.prisma.organization.findUniqueOrThrow({
    where: { id },
    include: { subscription: true },
  })
  const { subscription } = row
  return {
    plan: row.planId,
    stage: row.billingStage,
    next: row.billingNextAt?.toISOString() ?? null,
    subscription: subscription && {
      id: subscription.stripeSubscriptionId,
      status: subscription.status,
      price: subscription.priceId,
      until: subscription.currentPeriodEnd?.toISOString(),
      ends: subscription.cancelAtPeriodEnd,
      unpaidSince: subscription.unpaidSince?.toISOString() ?? null,
    },
  }
}

const HAS_ENDED = ['canceled', 'incomplete_expired']
const STAGES = ['full', 'banner', 'frozen', 'suspended', 'removing']

/** By Stripe's own documents, and nothing that is under test. */
function expectedOf({ stripe: { account }, customerId }: Run) {
  const alive = account.subscriptionsOf(customerId).filter(({ status }) => !HAS_ENDED.includes(status))
  const paid = alive.filter(({ status }) => status !== 'incomplete')
  const [one] = paid
  const due = account
    .invoicesOf(customerId)
    .filter(({ status, parent }) => status === 'open' && parent.subscription_details.subscription === one?.id)
  const isLate = one?.status === 'past_due' || one?.status === 'unpaid'
  const since = Math.min(...due.map(({ created }) => created * 1000))
  const days = (account.now().getTime() - since) / DAY_MS
  return {
    count: paid.length,
    id: one?.id,
    status: one?.status,
    price: one?.items.data[0].price.id,
    plan: one ? /price_(\w+)_/.exec(one.items.data[0].price.id)?.[1] : 'free',
    stage: isLate ? STAGES[1 + [7, 14, 44].filter((day) => days >= day).length] : 'full',
  }
}

const ENDED: readonly string[] = ['incomplete', ...HAS_ENDED]

/** Two organisations of one database: of one the stream is, and the other is told it in order. */
async function prove(world: World, { seed, cases }: { seed: number; cases: number }): Promise<void> {
  await pricedPlans(world)
  const own = await anAccount(world)
  const other = await anAccount(world)
  const stream = fc.asyncProperty(streams, async (happenings) => {
    const run = await liveThrough(world, own, happenings)
    const stands = await standsFor(world, own)
    const expected = expectedOf(run)
    expect(expected.count).toBeLessThanOrEqual(1)
    expect({ plan: stands.plan, stage: stands.stage }).toEqual({ plan: expected.plan, stage: expected.stage })
    const { id, status, price } = expected
    const counts = stands.subscription ?? undefined
    const isPaid = counts !== undefined && !ENDED.includes(counts.status)
    expect(isPaid ? { id: counts.id, status: counts.status, price: counts.price } : {}).toEqual(
      id === undefined ? {} : { id, status, price },
    )
    const waiting = await world.db.prisma.stripeEvent.count({ where: { processedAt: null } })
    expect(waiting).toBe(0)
    await run.retell(other)
    expect(await standsFor(world, other)).toEqual(stands)
  })
  await fc.assert(stream, { numRuns: cases, seed })
}

it(`ends as Stripe says, by ${CASES} streams that are shuffled, repeated, lost and worked on by two servers`, async () => {
  const seed = inject('testSeed')
  await Promise.all(
    lanes.map(async (world, lane) => prove(world, { seed: seed + lane, cases: CASES / LANES })),
  )
}, 3_600_000)
