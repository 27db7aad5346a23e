/** Whatever order events come in, however often, lost or while others are worked on: what stands is what Stripe says. */
import fc from 'fast-check'
import pg from 'pg'
import { expect, inject, it } from 'vitest'

import { useWorld } from '../../testing/world.ts'
import { anAccount, pricedPlans, type Account } from './testing/account.ts'
import { liveThrough, type Lane, type Run } from './testing/stream-run.ts'
import { streams } from './testing/streams.ts'

/** Side by side, each on a database of its own, so that no stream meets another. */
const LANES = 4
const lanes = Array.from({ length: LANES }, () => useWorld({ isBillingEnabled: true, isMailless: true }))
const CASES = inject('testLevel') > 1 ? 10_000 : 60
const DAY_MS = 86_400_000

interface Stands {
  readonly plan: string
  readonly stage: string
  readonly subscription: Readonly<Record<'id' | 'status' | 'price', string>> | null
}

/** What stands here of an organisation; events that still wait are in it. */
async function standsFor({ client }: Lane, { orgId }: Account): Promise<Stands> {
  const { rows } = await client.query<{ stands: Stands }>(
    `SELECT json_build_object(
        'plan', o.plan_id, 'stage', o.billing_stage, 'next', o.billing_next_at,
        'waiting', (SELECT count(*) FROM stripe_events WHERE processed_at IS NULL),
        'subscription', CASE WHEN s.org_id IS NOT NULL THEN json_build_object(
            'id', s.stripe_subscription_id, 'status', s.status, 'price', s.price_id, 'until', s.current_period_end,
            'ends', s.cancel_at_period_end, 'unpaidSince', s.unpaid_since) END) AS stands
    FROM organizations o LEFT JOIN subscriptions s ON s.org_id = o.id WHERE o.id = $1`,
    [orgId],
  )
  const [row] = rows
  if (!row) throw new Error('The organisation of a stream is gone.')
  return row.stands
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
async function prove(lane: Lane, { seed, cases }: { seed: number; cases: number }): Promise<void> {
  const { world } = lane
  await pricedPlans(world)
  const own = await anAccount(world)
  const other = await anAccount(world)
  const stream = fc.asyncProperty(streams, async (happenings) => {
    const run = await liveThrough(lane, own, happenings)
    const stands = await standsFor(lane, own)
    const expected = expectedOf(run)
    expect(expected.count).toBeLessThanOrEqual(1)
    expect(stands).toMatchObject({ plan: expected.plan, stage: expected.stage, waiting: 0 })
    const { id, status, price } = expected
    const counts = stands.subscription ?? undefined
    const isPaid = counts !== undefined && !ENDED.includes(counts.status)
    expect(isPaid ? { id: counts.id, status: counts.status, price: counts.price } : {}).toEqual(
      id === undefined ? {} : { id, status, price },
    )
    await run.retell(other)
    expect(await standsFor(lane, other)).toEqual(stands)
  })
  await fc.assert(stream, { numRuns: cases, seed })
}

it(`ends as Stripe says, by ${CASES} streams that are shuffled, repeated, lost and worked on by two servers`, async () => {
  const seed = inject('testSeed')
  const proofs = Promise.all(
    lanes.map(async (world, at) => {
      const client = new pg.Client({ connectionString: world.dsn, connectionTimeoutMillis: 10_000 })
      await client.connect()
      try {
        await prove({ world, client }, { seed: seed + at, cases: CASES / LANES })
      } finally {
        await client.end()
      }
    }),
  )
  await expect(proofs).resolves.toHaveLength(LANES)
}, 3_600_000)
